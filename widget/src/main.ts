// <script src="https://host/widget.js" data-channel="ID" async></script>. Everything starts when the page is loaded and
// idle, so that the host page is never slower for it.
import type { Network, SocketLike } from './link';
import { Panel } from './panel';
import type { ChannelConfig } from './protocol';
import { Memory, webBox } from './storage';
import { pickLanguage } from './strings';

const longAwayMs = 60_000;

const network: Network = {
  fetch: (url, options) => fetch(url, { ...options, credentials: 'omit', signal: AbortSignal.timeout(20_000) }),
  openSocket: (url) => new WebSocket(url) as unknown as SocketLike,
  setTimer: (job, ms) => setTimeout(job, ms),
  clearTimer: (timer) => clearTimeout(timer as number),
  random: () => Math.random(),
};

async function start(data: DOMStringMap, source: string): Promise<void> {
  const channel = data['channel'];
  if (!channel) return console.warn('Answerable: the script needs data-channel.');
  const base = new URL(`webchat/v1/${encodeURIComponent(channel)}`, source).href;
  const response = await network.fetch(base + '/config').catch(() => null);
  if (!response?.ok) return console.warn('Answerable: this chat is not available here.');
  const config = (await response.json()) as ChannelConfig;
  const page = document.documentElement.lang;
  const language = pickLanguage([data['language'], page, config.language, ...navigator.languages]);
  const memory = new Memory(webBox(data['storage']), channel);
  const panel = new Panel({ base, language, config, memory, network, identity: data['identity'] });
  document.body.append(panel.host);
  watchPage(panel);
  Object.assign(window, {
    answerableChat: {
      open: () => panel.open(),
      close: () => panel.close(),
      identify: (identity?: string) => panel.chat.identify(identity),
      forget: () => panel.chat.forget(),
    },
  });
  document.dispatchEvent(new CustomEvent('answerable-chat-ready'));
}

function watchPage(panel: Panel): void {
  let hiddenAt = 0;
  addEventListener('online', () => panel.chat.link.refresh());
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') {
      hiddenAt = Date.now();
      return;
    }
    if (hiddenAt && Date.now() - hiddenAt > longAwayMs) panel.chat.link.refresh();
    panel.looked();
  });
}

const script = document.currentScript as HTMLScriptElement | null;
if (script && !('answerableChat' in window)) {
  Object.assign(window, { answerableChat: null }); // the script may stand twice in a page; one chat is enough
  const { dataset, src } = script;
  const begin = () => {
    const whenIdle = window.requestIdleCallback ?? ((job: () => void) => setTimeout(job, 1));
    whenIdle(() => void start(dataset, src), { timeout: 2000 });
  };
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin);
}
