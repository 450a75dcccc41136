// A mistake of ours in one screen must not leave an empty page: the rest stays, and it is said what to do.
import { Component, type ReactNode } from 'react';
import { t } from '../i18n/t';
import { Button } from './Button';
import { Empty } from './Empty';

interface Props {
  /** What is shown: another address is a new try. */
  at: string;
  children: ReactNode;
}

interface State {
  at: string;
  broken: boolean;
}

export class Shown extends Component<Props, State> {
  override state = { at: this.props.at, broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  static getDerivedStateFromProps({ at }: Props, old: State): State | null {
    return at === old.at ? null : { at, broken: false };
  }

  override render() {
    if (!this.state.broken) return this.props.children;
    return (
      <main id="main" className="page-middle" tabIndex={-1}>
        <Empty title={t('app.broken')} text={t('app.broken_text')} role="alert" heading>
          <Button kind="first" onClick={() => location.reload()}>
            {t('app.reload')}
          </Button>
        </Empty>
      </main>
    );
  }
}
