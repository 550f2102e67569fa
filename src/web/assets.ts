import { hashedAsset } from '../hashed-assets.ts';
import { CLAIM_SCRIPT_TEXT } from './claim-script.ts';
import { STYLE_TEXT } from './style.ts';

/** Path of the pages' assets. */
export const ASSET_FOLDER = '/assets';

/** Style sheet of all pages. */
export const STYLE = hashedAsset('page', 'css', STYLE_TEXT);

/** Script of the claim page. */
export const CLAIM_SCRIPT = hashedAsset('claim', 'js', CLAIM_SCRIPT_TEXT);
