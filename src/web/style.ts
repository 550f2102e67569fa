/** Style sheet of the pages for people: a card in the system's fonts, in light and dark mode. */
export const STYLE_TEXT = `
:root {
  color-scheme: light dark;
  --page: #eef0f4;
  --card: #fff;
  --edge: #dde1e8;
  --text: #171d29;
  --muted: #525d6e;
  --accent: #3b46c4;
  --accent-deep: #2d379f;
  --on-accent: #fff;
  --tint: #e9ebfb;
  --good: #116b48;
  --good-tint: #def3e8;
  --quiet-tint: #eceff4;
  --shadow: 0 1px 2px rgb(23 29 41 / 6%), 0 12px 40px -12px rgb(23 29 41 / 18%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #0e1117;
    --card: #181d26;
    --edge: #2b3340;
    --text: #eceff4;
    --muted: #a6b0bf;
    --accent: #9ba4ff;
    --accent-deep: #b4bbff;
    --on-accent: #12153a;
    --tint: #272c52;
    --good: #6fd6a6;
    --good-tint: #15382a;
    --quiet-tint: #272e3a;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { background: var(--page); -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  min-height: 100vh;
  min-height: 100dvh;
  margin: 0;
  padding: clamp(1rem, 4vw, 3rem);
  color: var(--text);
  font: 1.0625rem/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif;
  overflow-wrap: anywhere;
}
body.card { display: grid; place-items: center; }
main { width: 100%; }
.card main {
  max-width: 30rem;
  padding: clamp(1.5rem, 7vw, 2.75rem);
  background: var(--card);
  border: 1px solid var(--edge);
  border-radius: 1.25rem;
  box-shadow: var(--shadow);
}
.column main { max-width: 46rem; margin: 0 auto; }

.from { display: flex; align-items: center; gap: .75rem; margin: 0 0 1.5rem; color: var(--muted); font-weight: 500; }
.from bdi { display: -webkit-box; min-width: 0; overflow: hidden; -webkit-box-orient: vertical; -webkit-line-clamp: 2; }
.badge {
  flex: none;
  width: 3rem;
  height: 3rem;
  background: var(--quiet-tint);
  border-radius: .875rem;
  fill: none;
  stroke: var(--muted);
  stroke-width: 1.75;
  stroke-linecap: round;
  stroke-linejoin: round;
}
.badge.check { background: var(--good-tint); stroke: var(--good); stroke-width: 2.25; }
.badge.monogram { display: grid; place-items: center; overflow: hidden; background: var(--tint); color: var(--accent); font-size: 1.375rem; font-weight: 650; line-height: 1; }

h1 { margin: 0 0 .75rem; font-size: clamp(1.625rem, 1.2rem + 2vw, 2rem); font-weight: 680; letter-spacing: -.02em; line-height: 1.2; text-wrap: balance; }
h2 { margin: 2rem 0 .5rem; font-size: 1.125rem; line-height: 1.3; }
p { margin: 0 0 .875rem; text-wrap: pretty; }
main > :last-child, #invitation > :last-child { margin-bottom: 0; }
.lead, .card p:not(.from, .fine) { color: var(--muted); }
.card p bdi { color: var(--text); }
.from bdi { color: inherit; }

dl { margin: 1.5rem 0 0; }
dl > div { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .25rem 1rem; padding: .75rem 0; border-top: 1px solid var(--edge); }
dt { color: var(--muted); }
dd { margin: 0; font-weight: 500; }
dd > .line { display: block; }
dd > .line + .line { color: var(--muted); font-weight: 400; }
.address { display: inline-block; max-width: 100%; }
#left { display: block; color: var(--muted); font-weight: 400; }

form { margin: 1.5rem 0 1.25rem; }
button, .button {
  display: block;
  width: 100%;
  min-height: 3.25rem;
  padding: .8125rem 1.25rem;
  background: var(--accent);
  border: 0;
  border-radius: .75rem;
  color: var(--on-accent);
  font: inherit;
  font-weight: 600;
  text-align: center;
  text-decoration: none;
  cursor: pointer;
  transition: background-color .15s;
}
.button { margin: 1.25rem 0; }
.card .button bdi { color: inherit; }
button:hover, .button:hover { background: var(--accent-deep); }
button.quiet { background: var(--quiet-tint); color: var(--text); }
button.quiet:hover { background: var(--edge); }
button[aria-disabled] { background: var(--quiet-tint); color: var(--muted); cursor: progress; }
a { color: var(--accent); text-underline-offset: .15em; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; border-radius: .375rem; }
button:focus-visible, .button:focus-visible { border-radius: .75rem; }
h1:focus { outline: none; }

.fine { margin-bottom: .5rem; color: var(--muted); font-size: .9375rem; line-height: 1.5; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }

.bar { display: flex; flex-wrap: wrap; align-items: center; justify-content: space-between; gap: 1rem; margin-bottom: .5rem; }
.bar h1 { margin: 0; }
.small.button { width: auto; min-height: 2.75rem; margin: 0; padding: .5625rem 1.125rem; background: var(--card); border: 1px solid var(--edge); color: var(--text); }
.small.button:hover { border-color: var(--accent); }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, 'Liberation Mono', monospace; font-size: .9375em; }
.column p { color: var(--muted); }
.panel, .mails, iframe { background: var(--card); border: 1px solid var(--edge); border-radius: 1rem; }
.panel { margin: 1rem 0 0; padding: 1.5rem; }
.panel h2 { margin-top: 0; }
.panel :last-child { margin-bottom: 0; }
pre.panel { white-space: pre-wrap; line-height: 1.5; }
.mails { margin: 1.5rem 0 0; padding: 0; overflow: hidden; list-style: none; }
.mails li + li { border-top: 1px solid var(--edge); }
.mails a { display: grid; grid-template-columns: 1fr auto; gap: .125rem 1rem; padding: 1rem 1.25rem; color: var(--text); text-decoration: none; }
.mails a:hover { background: var(--quiet-tint); }
.mails a:focus-visible { outline-offset: -4px; border-radius: 1rem; }
.mails strong { grid-column: 1 / -1; font-weight: 600; }
.mails :is(span, time) { color: var(--muted); font-size: .9375rem; }
nav { margin: 0 0 1rem; }
nav a { display: inline-block; padding: .5rem 0; }
nav a::before { content: '← ' / ''; }
.column dl { margin: 0; }
.column dl.panel { margin-top: 1rem; padding-block: .75rem; }
.envelope { padding-bottom: 1.25rem; }
.column dl > div { padding: .375rem 0; border: 0; }
.headers > div { grid-template-columns: minmax(0, 1fr); gap: 0; }
.headers dd { font-size: .9375rem; font-weight: 400; }
iframe { display: block; width: 100%; height: min(75vh, 46rem); background: #fff; color-scheme: light; }

@media (max-width: 26rem) {
  body.card { place-items: start center; }
  dl > div { grid-template-columns: minmax(0, 1fr); }
  .mails a { grid-template-columns: minmax(0, 1fr); }
}
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important; }
}
@media (forced-colors: active) {
  button, .button { border: 1px solid; }
}
`;
