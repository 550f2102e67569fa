/** What the reference page does: shows the description, quietly. It is a file of its own, since the page's policy runs no other. */
export const PAGE_SCRIPT = `
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  defaultModelExpandDepth: 3,
  displayRequestDuration: true,
  persistAuthorization: true,
  validatorUrl: null,
});
`;

/** How the reference page differs from what its package looks like. */
export const PAGE_STYLE = `
body { margin: 0; }
`;
