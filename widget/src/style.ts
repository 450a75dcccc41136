// One constructed stylesheet for the shadow root. Logical properties only: right-to-left needs nothing more.
export const css = `
:host{all:initial;position:fixed;z-index:2147483000;inset-block-end:16px;inset-inline-end:16px;
--paper:#fdfcf9;--sunk:#ece7de;--ink:#211c1f;--muted:#5c5458;--field:#857c72;--line:#d8d1c5;--late:#a3201d;
--focus:#1f5582;--accent:#7a2a5e;--on-accent:#fff;color-scheme:light dark;
font:14px/20px system-ui,"Noto Sans",sans-serif}
@media (prefers-color-scheme:dark){:host{--paper:#181517;--sunk:#2b262a;--ink:#f2edef;--muted:#b7adb2;--field:#857c82;
--line:#3a3438;--late:#ff9a94;--focus:#8ec5f4}}
*{box-sizing:border-box;margin:0;font:inherit}
[hidden]{display:none!important}
button{min-width:36px;min-height:36px;padding:0 8px;border:0;border-radius:8px;background:none;color:inherit;
cursor:pointer}
button:disabled{cursor:default;opacity:.55}
:focus{outline:none}
:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
svg{width:20px;height:20px;fill:currentColor;display:block;margin:auto}
.launcher{position:relative;width:56px;height:56px;padding:0;border-radius:16px 16px 2px 16px;background:var(--accent);
color:var(--on-accent);box-shadow:0 2px 12px #0005;transition:transform .08s}
:host([dir=rtl]) .launcher{border-radius:16px 16px 16px 2px}
.launcher svg{width:26px;height:26px}
.launcher:hover{transform:translateY(-1px)}
.badge{position:absolute;inset-block-start:-6px;inset-inline-end:-6px;min-width:22px;padding:1px 6px;border-radius:11px;
background:var(--late);color:var(--paper);font-size:12px;font-weight:600;text-align:center}
.panel{position:absolute;inset-block-end:68px;inset-inline-end:0;width:368px;height:min(560px,calc(100vh - 100px));
display:flex;flex-direction:column;overflow:hidden;border:1px solid var(--line);border-radius:12px;
background:var(--paper);
color:var(--ink);box-shadow:0 8px 32px #0004}
header{display:flex;align-items:center;gap:8px;padding-block:8px;padding-inline:16px 8px;background:var(--accent);
color:var(--on-accent)}
header :focus-visible{outline-color:currentColor;outline-offset:-3px}
h2{flex:1;font-size:16px;line-height:24px;font-weight:600;overflow-wrap:anywhere}
.log{flex:1;overflow-y:auto;overscroll-behavior:contain;padding:12px;display:flex;flex-direction:column;gap:4px}
.log:focus-visible{outline-offset:-2px}
.message{display:flex;flex-direction:column;align-items:flex-start;max-width:84%;align-self:flex-start;
margin-block-start:8px}
.message.own{align-self:flex-end;align-items:flex-end}
.bubble{max-width:100%;padding:8px 12px;border-radius:12px;background:var(--sunk);white-space:pre-wrap;
overflow-wrap:anywhere}
.message:not(.own) .bubble{max-width:100%;border-end-start-radius:2px}
.own .bubble{max-width:100%;background:var(--accent);color:var(--on-accent);border-end-end-radius:2px}
a{color:inherit;text-decoration:underline}
.file{display:block;margin-block-start:4px}
.meta{font-size:12px;line-height:16px;color:var(--muted);padding:2px 4px;overflow-wrap:anywhere}
.own .meta{text-align:end}
.meta button{min-height:24px;min-width:24px;padding:0 4px;text-decoration:underline;color:var(--late)}
.failed{color:var(--late)}
.note{padding:4px 16px;font-size:12px;line-height:16px;color:var(--muted)}
.note:empty{display:none}
.alert{color:var(--late)}
form{display:flex;align-items:flex-end;gap:8px;padding:8px;border-block-start:1px solid var(--line)}
textarea{flex:1;min-width:0;min-height:36px;max-height:140px;padding:7px 10px;resize:none;field-sizing:content;
border:1px solid var(--field);border-radius:8px;background:var(--paper);color:var(--ink);font-size:16px}
textarea::placeholder{color:var(--muted);opacity:1}
.send{background:var(--accent);color:var(--on-accent)}
:host([dir=rtl]) .send svg{transform:scaleX(-1)}
.files{display:flex;flex-wrap:wrap;gap:4px;padding:0 8px}
.chip{display:flex;align-items:center;max-width:100%;padding-inline-start:8px;border:1px solid var(--field);
border-radius:8px;
font-size:12px;overflow-wrap:anywhere}
.chip button{min-height:28px;min-width:28px;padding:0}
.drop{position:absolute;inset:0;display:grid;place-items:center;background:var(--paper);border:2px dashed var(--accent);
border-radius:12px;font-weight:600}
.hear{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:480px),(max-height:420px){.panel{position:fixed;inset:0;width:auto;height:auto;border:0;
border-radius:0}
:host(.open) .launcher{visibility:hidden}}
@media (prefers-reduced-motion:reduce){.launcher{transition:none}.launcher:hover{transform:none}}
@media (forced-colors:active){.bubble,.launcher,.send,header{border:1px solid}}
`;

// The company's colour, if it is one, with whichever of black and white reads better on it.
export function accentCss(color: string | undefined): string {
  if (!color || !/^#[0-9a-f]{6}$/i.test(color)) return '';
  const channel = (at: number) => {
    const value = parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  const text = 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 ? '#fff' : '#000';
  return `:host{--accent:${color};--on-accent:${text}}`;
}
