// SPDX-License-Identifier: Apache-2.0
import { GroupDecoder } from './groupDecoder';
import type { FromWorker, ToWorker } from './messages';

/** Pictures on their way to a page that is busy: each of a large stream is some megabytes, which the decoder keeps for the next. */
const UNTAKEN_MAX = 6;

const tell = (what: FromWorker, transfer: Transferable[] = []) => postMessage(what, { transfer });
const lines = new Map<number, { decoder: GroupDecoder; job: number; untaken: number }>();

addEventListener('message', ({ data }: MessageEvent<ToWorker>) => {
  const { line } = data;
  if (data.kind === 'begin') {
    const { job } = data;
    const one = lines.get(line) ?? { decoder: new GroupDecoder(), job, untaken: 0 };
    one.job = job;
    lines.set(line, one);
    one.decoder.begin(data, {
      times: (times) => tell({ kind: 'times', line, job, times }),
      picture: (utcMs, still) => {
        one.untaken++;
        tell({ kind: 'picture', line, job, utcMs, still }, [still.image]);
      },
      hasRoom: () => one.untaken < UNTAKEN_MAX,
      done: (tookMs) => tell({ kind: 'done', line, job, tookMs }),
      failed: (why, detail) => tell({ kind: 'failed', line, job, why, detail }),
    });
    return;
  }
  const one = lines.get(line);
  if (data.kind === 'taken') {
    if (one) {
      one.untaken--;
      one.decoder.goOn();
    }
  } else if (data.kind === 'close') {
    one?.decoder.close();
    lines.delete(line);
  } else if (one && one.job === data.job) {
    if (data.kind === 'part') {
      one.decoder.part(data);
    } else {
      one.decoder.stop();
    }
  }
});
