// Mail as its sender formatted it: a page of its own from the server, in a frame without scripts. Nothing is fetched
// from a stranger's server until the agent asks.
import { ImageOff } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { t } from '../i18n/t';
import { Button } from '../ui/Button';
import { remoteImages } from './remote_images';

const first_height_px = 120;
const height_px_max = 20_000;

interface Props {
  id: string;
  html: string;
  title: string;
}

export function HtmlMail({ id, html, title }: Props) {
  const frame = useRef<HTMLIFrameElement>(null);
  const watch = useRef<ResizeObserver>(undefined);
  const [images, setImages] = useState(false);
  const [failed, setFailed] = useState(0);
  const [tries, setTries] = useState(0);
  const [broken, setBroken] = useState(false);
  const [height, setHeight] = useState(first_height_px);
  const remote = useMemo(() => remoteImages(html), [html]);
  useEffect(() => () => watch.current?.disconnect(), []);

  function loaded() {
    const page = frame.current?.contentDocument;
    watch.current?.disconnect();
    // Without a connection the frame holds the browser's own page, which is not ours to read.
    setBroken(page?.contentType !== 'text/html');
    if (page?.contentType !== 'text/html') return;
    setFailed([...page.images].filter((image) => image.currentSrc && !image.naturalWidth).length);
    watch.current = new ResizeObserver(() =>
      setHeight(Math.min(height_px_max, Math.ceil(page.documentElement.getBoundingClientRect().height))),
    );
    watch.current.observe(page.body);
  }

  return (
    <div className="html-mail">
      {remote > 0 && !images && !broken && (
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
      {broken && (
        <div className="remote-images" role="alert">
          <span>{t('message.document_failed')}</span>
          <Button kind="quiet" onClick={() => setTries(tries + 1)}>
            {t('ui.try_again')}
          </Button>
        </div>
      )}
      <iframe
        key={`${images} ${tries}`} // a new frame, not a new address in it, which would be a step for the Back button
        ref={frame}
        title={title}
        sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
        src={`/api/v1/messages/${id}/document?images=${images ? 1 : 0}`}
        style={{ blockSize: height }}
        hidden={broken}
        onLoad={loaded}
      />
    </div>
  );
}
