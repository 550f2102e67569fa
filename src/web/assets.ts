import { hashedAsset } from '../hashed-assets.ts';
import { CLAIM_SCRIPT_TEXT } from './claim-script.ts';
import { STYLE_TEXT } from './style.ts';

/** Where the pages' files are served. */
export const ASSET_FOLDER = '/assets';

/** How all pages look. */
export const STYLE = hashedAsset('page', 'css', STYLE_TEXT);

/** What the claim page does beyond its form. */
export const CLAIM_SCRIPT = hashedAsset('claim', 'js', CLAIM_SCRIPT_TEXT);
