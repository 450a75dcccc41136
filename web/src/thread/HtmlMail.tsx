// Mail as its sender formatted it, in a frame without scripts: the server has sanitised it, the sandbox forbids code
// even so, and nothing is fetched from a stranger's server until the agent asks. The frame inherits this page's policy
// too.
import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Attachment } from '../api/types';
import { t } from '../i18n/t';
import sheet from '../styles/mail_frame.css?url';
import { Button } from '../ui/Button';
import { mailDocument, remoteImages } from './mail_document';

const first_height_px = 120;
const height_px_max = 20_000;

interface Props {
  html: string;
  attachments: Attachment[];
  title: string;
}

/** Style attributes are refused by the policy when parsed; set one by one through the object model they are allowed. */
function applyStyles(page: Document) {
  for (const element of page.querySelectorAll<HTMLElement>('[data-style]')) {
    const text = element.dataset.style ?? '';
    delete element.dataset.style;
    if (!/url\s*\(/i.test(text)) element.style.cssText = text;
  }
}

export function HtmlMail({ html, attachments, title }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const [images, setImages] = useState(false);
  const [failed, setFailed] = useState(0);
  const [height, setHeight] = useState(first_height_px);
  const remote = useMemo(() => remoteImages(html), [html]);
  const source = useMemo(() => mailDocument(html, attachments, images, sheet), [html, attachments, images]);
  useEffect(() => {
    const element = frame.current;
    if (!element) return;
    let watch: ResizeObserver | undefined;
    const measure = () => {
      const page = element.contentDocument;
      if (!page?.body) return;
      setHeight(Math.min(height_px_max, Math.ceil(page.documentElement.getBoundingClientRect().height)));
    };
    const loaded = () => {
      const page = element.contentDocument;
      if (!page?.body) return;
      applyStyles(page);
      setFailed([...page.images].filter((image) => image.complete && image.currentSrc && !image.naturalWidth).length);
      watch?.disconnect();
      watch = new ResizeObserver(measure);
      watch.observe(page.body);
      measure();
    };
    element.addEventListener('load', loaded);
    loaded();
    return () => {
      element.removeEventListener('load', loaded);
      watch?.disconnect();
    };
  }, [source]);
  return (
    <div className="html-mail">
      {remote > 0 && !images && (
        <div className="remote-images">
          <ImageOff size={16} aria-hidden />
          <span>{t('message.images_kept_out', { count: remote })}</span>
          <Button kind="quiet" onClick={() => setImages(true)}>
            {t('message.load_images')}
          </Button>
        </div>
      )}
      {images && failed > 0 && (
        <p className="remote-images" role="status">
          {t('message.images_failed', { count: failed })}
        </p>
      )}
      <iframe
        ref={frame}
        title={title}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        srcDoc={source}
        style={{ blockSize: height }}
        referrerPolicy="no-referrer"
      />
    </div>
  );
}
