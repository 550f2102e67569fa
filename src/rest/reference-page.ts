/** Script of the reference page. It is a separate file, because the page's policy forbids inline scripts. */
export const PAGE_SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
// The dialog for tokens focuses its last field and scrolls to it. This focuses the first one.
let dialog;
new MutationObserver(() => {
  const opened = document.querySelector('.dialog-ux .modal-ux-content');
  if (opened === dialog) return;
  dialog = opened;
  if (!dialog) return;
  dialog.scrollTop = 0;
  dialog.querySelector('input')?.focus({ preventScroll: true });
}).observe(document.getElementById('reference'), { childList: true, subtree: true });
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  persistAuthorization: true,
  tryItOutEnabled: true,
  validatorUrl: null,
});
`;

/** Style sheet of the reference page, on top of Swagger UI's. */
export const PAGE_STYLE = `
:root {
  --text: #1f2733;
  --muted: #5d6878;
  --line: #dfe3e9;
  --paper: #fff;
  --raised: #f7f8fa;
  --code: #0f5c8c;
  --get: #2f6fb2;
  --post: #2f7d5b;
  --delete: #b4423c;
  --sans: system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace;
}
:root.dark-mode {
  --text: #e3e7ed;
  --muted: #9aa5b4;
  --line: #333c49;
  --paper: #161b22;
  --raised: #1d242e;
  --code: #7cc4f2;
}
body { margin: 0; background: var(--paper); }
html.dark-mode .swagger-ui { background: none; }
#reference, #reference :is(div, span, p, li, h1, h2, h3, h4, h5, label, select, button, table, td, th, small, a) { font-family: var(--sans); }
#reference :is(code, pre, pre span, textarea, .opblock-summary-path span, .opblock-summary-path a, .parameter__name, .parameter__type) { font-family: var(--mono); }
#reference .wrapper { max-width: 1080px; padding: 0 24px; }

#reference .info { margin: 48px 0 16px; }
#reference .info .title { color: var(--text); font-size: 34px; letter-spacing: -0.02em; }
#reference .info .title small { top: -6px; background: var(--muted); }
#reference .info .title small pre { font-family: var(--sans); }
#reference .info .title small.version-stamp { background: var(--post); }
#reference .info__summary p { font-size: 18px; }
#reference .info__license { display: none; }
#reference :is(.info, .renderedMarkdown, .opblock-description-wrapper) :is(p, li) {
  color: var(--text);
  font-size: 15px;
  line-height: 1.6;
}
#reference :is(.info, .renderedMarkdown, .opblock-description-wrapper) code {
  padding: 1px 5px;
  background: var(--raised);
  border: 1px solid var(--line);
  border-radius: 4px;
  color: var(--code);
  font-size: 13px;
  font-weight: 500;
}
#reference .scheme-container { margin: 0; padding: 0; background: none; box-shadow: none; }

#reference .opblock-tag { padding: 12px 0; border-color: var(--line); color: var(--text); font-size: 20px; }
#reference .opblock-tag small, #reference .opblock-tag small p { color: var(--muted); font-size: 14px; }
#reference .opblock {
  margin-bottom: 8px;
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 8px;
  box-shadow: none;
}
#reference .opblock-summary { padding: 8px 12px; border-color: var(--line); }
#reference .opblock-summary:hover { background: var(--raised); border-radius: 8px; }
#reference .opblock-summary-method {
  min-width: 68px;
  padding: 5px 0;
  border-radius: 5px;
  color: #fff;
  font-size: 12px;
  letter-spacing: 0.03em;
  text-shadow: none;
}
#reference .opblock-get .opblock-summary-method { background: var(--get); }
#reference .opblock-post .opblock-summary-method { background: var(--post); }
#reference .opblock-delete .opblock-summary-method { background: var(--delete); }
#reference .opblock-summary-path { color: var(--text); font-size: 14px; font-weight: 500; }
#reference .opblock-summary-description { color: var(--muted); font-size: 14px; }
#reference .opblock-section-header { background: var(--raised); box-shadow: none; border-block: 1px solid var(--line); }
#reference .opblock .tab-header .tab-item.active h4 span::after { background: var(--post); }

#reference :is(.examples__title, .examples-select__section-label, .response-col_status, .response-col_description, .header-col) { color: var(--text); }
#reference .header-col { padding-right: 16px; font-weight: 400; }
#reference .response-col_status { font-weight: 600; }
#reference .response-col_links { display: none; }
#reference :is(.microlight, textarea) { border-radius: 6px; font-size: 13px; }
#reference :is(.btn, select) { box-shadow: none; border-width: 1px; border-radius: 6px; }
#reference .btn.execute { color: #fff; background: var(--post); border-color: var(--post); }
#reference section.models { border-color: var(--line); border-radius: 8px; }
`;
