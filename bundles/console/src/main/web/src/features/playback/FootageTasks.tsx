// SPDX-License-Identifier: Apache-2.0
import { lazy, Suspense, useState } from 'react';
import { useNavigate } from 'react-router';
import type { EvidenceLock } from '../../api/evidence';
import { serverClock } from '../../api/serverClock';
import type { Camera } from '../../api/types';
import { ExportDialog } from '../exports/ExportDialog';
import { BookmarksDialog } from './BookmarksDialog';
import { CoverageDialog } from './CoverageDialog';
import { DeleteFootageDialog } from './DeleteFootageDialog';
import { EvidenceDialog } from './EvidenceDialog';
import { FillDialog, mayFill } from './FillDialog';
import type { FootageTask } from './FootageMenu';
import { around, type Selection } from './selection';

const RecordingsDialog = lazy(() =>
  import('../recordings/RecordingsDialog').then((part) => ({ default: part.RecordingsDialog })),
);

interface Props {
  /** Undefined: nothing is open. */
  task?: FootageTask;
  camera: Camera;
  /** Cameras that an export begins with. */
  exported: string[];
  locks: EvidenceLock[];
  chosen?: Selection;
  /** Without footage, where the position is. */
  gap?: Selection;
  position: () => number;
  onGo: (utcMs: number) => void;
  /** Goes there, and plays on from it. */
  onPlay: (utcMs: number) => void;
  onClose: () => void;
}

/** The dialog of what is done with footage. */
export function FootageTasks(props: Props) {
  const { task, camera, exported, locks, chosen, gap, position, onGo, onPlay, onClose } = props;
  const navigate = useNavigate();
  const [day, setDay] = useState<Selection>();
  const offered = () => chosen ?? around(position(), serverClock.now());
  if (day) {
    const close = () => {
      setDay(undefined);
      onClose();
    };
    return <FillDialog camera={camera} offered={day} onClose={close} />;
  }
  switch (task) {
    case 'bookmark':
      return (
        <BookmarksDialog
          camera={camera}
          offered={chosen ?? { from: position(), to: position() }}
          onGo={onGo}
          onClose={onClose}
        />
      );
    case 'lock':
      return (
        <EvidenceDialog camera={camera} offered={offered()} locks={locks} onGo={onGo} onClose={onClose} />
      );
    case 'export':
      return (
        <ExportDialog
          cameraIds={exported}
          offered={offered()}
          onOrdered={() => navigate('/exports')}
          onClose={onClose}
        />
      );
    case 'delete':
      return <DeleteFootageDialog camera={camera} offered={offered()} onClose={onClose} />;
    case 'recordings':
      return (
        <Suspense fallback={null}>
          <RecordingsDialog camera={camera} position={position} onPlay={onPlay} onClose={onClose} />
        </Suspense>
      );
    case 'coverage':
      return (
        <CoverageDialog
          camera={camera}
          onGo={onGo}
          onFill={mayFill(camera) ? setDay : undefined}
          onClose={onClose}
        />
      );
    case 'fill':
      return <FillDialog camera={camera} offered={chosen ?? gap ?? offered()} onClose={onClose} />;
    default:
      return null;
  }
}
