// SPDX-License-Identifier: Apache-2.0
import type { Dispose, ExtensionModule } from 'nxvms-console-host';
import type { ExtensionInfo } from '../../api/extensions';
import { HostOfExtension, messageOf, type Registered } from './createHost';
import { hostFetch } from './hostFetch';
import { addFault, type Contribution, type Fault, SLOTS, useExtensions } from './useExtensions';
import { refusal } from './version';

export const ACTIVATION_MS_MAX = 5_000;

/** How modules come: the browser's own way, but for tests. */
export const loading = { module: (url: string): Promise<unknown> => import(/* @vite-ignore */ url) };

/** An extension did not come up; why stands on the page of plugins too. */
export class ActivationError extends Error {
  constructor(
    readonly kind: Fault['kind'],
    message: string,
  ) {
    super(message);
  }
}

/** How often each version came up. */
const activations = new Map<string, number>();

class Active {
  private readonly host: HostOfExtension;
  private end: Dispose | undefined;
  private gone = false;
  readonly ready: Promise<HostOfExtension>;

  constructor(private readonly extension: ExtensionInfo) {
    const activation = (activations.get(extension.base) ?? 0) + 1;
    activations.set(extension.base, activation);
    this.host = new HostOfExtension(extension, activation);
    this.ready = this.activate();
    this.ready.catch((error: unknown) => {
      if (!this.gone) {
        addFault(extension, error instanceof ActivationError ? error.kind : 'activate', textOf(error));
      }
    });
  }

  private async activate(): Promise<HostOfExtension> {
    const { apiVersion, contributes, entry, base } = this.extension;
    const refused = refusal(apiVersion);
    if (refused) {
      throw new ActivationError('refused', refused);
    }
    const unknown = contributes.find(({ slot }) => !(SLOTS as readonly string[]).includes(slot));
    if (unknown) {
      throw new ActivationError('refused', `It adds to ${unknown.slot}, which this console does not have.`);
    }
    await inTime(this.come(base, entry));
    const silent = contributes.find(({ name }) => !this.host.registered.has(name));
    if (silent) {
      throw new ActivationError('activate', `It registers nothing for its contribution ${silent.name}.`);
    }
    return this.host;
  }

  /** What comes too late is ended again. */
  private async come(base: string, entry: string): Promise<void> {
    // A module that cannot be fetched says nothing of why, and cannot wait for a new login.
    const there = await hostFetch(base, entry);
    if (!there.ok) {
      throw new ActivationError('load', `Its module ${entry} is answered with ${there.status}.`);
    }
    await there.arrayBuffer();
    const module = await loading.module(entry).catch((error: unknown) => {
      throw new ActivationError('load', `Its module ${entry} cannot be loaded (${messageOf(error)}).`);
    });
    const { activate } = module as Partial<ExtensionModule>;
    if (typeof activate !== 'function') {
      throw new ActivationError('load', `Its module ${entry} exports no function activate.`);
    }
    if (this.gone) {
      return;
    }
    const end = (await activate(this.host.host)) ?? undefined;
    if (this.gone) {
      this.finish(end);
    } else {
      this.end = end;
    }
  }

  dispose(): void {
    this.gone = true;
    this.host.dispose();
    this.finish(this.end);
    this.end = undefined;
  }

  private finish(end: Dispose | undefined): void {
    try {
      end?.();
    } catch (error) {
      addFault(this.extension, 'part', messageOf(error));
    }
  }
}

function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout>;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () =>
        reject(
          new ActivationError('timeout', `It did not come up within ${ACTIVATION_MS_MAX / 1000} seconds.`),
        ),
      ACTIVATION_MS_MAX,
    );
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const textOf = (error: unknown): string =>
  error instanceof ActivationError ? error.message : messageOf(error);

/** Those that run or failed to, by address: one version is tried once. */
const active = new Map<string, Active>();

/** What an extension has registered for a contribution; it is loaded when this is asked for the first time. */
export async function registeredFor({ extension, name }: Contribution): Promise<Registered> {
  let one = active.get(extension.base);
  if (!one) {
    one = new Active(extension);
    active.set(extension.base, one);
  }
  const registered = (await one.ready).registered.get(name);
  if (!registered) {
    throw new ActivationError('activate', `It registers nothing for its contribution ${name}.`);
  }
  return registered;
}

/** Ends versions that are not there any more. */
function sweep(list: readonly ExtensionInfo[] | undefined): void {
  for (const [base, one] of active) {
    if (!list?.some((extension) => extension.base === base)) {
      active.delete(base);
      one.dispose();
    }
  }
}

/** Once more from the beginning, after a failure. */
export function tryAgain({ base, id, hash }: ExtensionInfo): void {
  active.get(base)?.dispose();
  active.delete(base);
  useExtensions.setState(({ list, faults }) => ({
    // As if it were another: what is shown of it asks anew.
    list: list && [...list],
    faults: faults.filter((fault) => fault.id !== id || fault.hash !== hash),
  }));
}

useExtensions.subscribe((state, before) => {
  if (state.list !== before.list) {
    sweep(state.list);
  }
});

/** Whose element is being made, and what went wrong with it: a browser tells that to the window alone. */
let making: { extension: ExtensionInfo; fault?: string } | undefined;

/**
 * Makes an element of an extension and puts it where it is to be.
 *
 * @throws Error when its constructor or its connecting fails
 */
export function makeElement<T extends HTMLElement>(extension: ExtensionInfo, make: () => T): T {
  const own: typeof making = { extension };
  making = own;
  try {
    const element = make();
    if (own.fault !== undefined) {
      element.remove();
      throw new Error(own.fault);
    }
    return element;
  } catch (error) {
    if (own.fault === undefined) {
      addFault(extension, 'part', messageOf(error));
    }
    throw error;
  } finally {
    making = undefined;
  }
}

/** What an extension's code does wrong in its timers and elements is told to nobody else. */
function blame(message: string, where: string): void {
  const { list } = useExtensions.getState();
  const guilty = making?.extension ?? list?.find(({ base }) => where.includes(base));
  if (making) {
    making.fault ??= message;
  }
  if (guilty) {
    addFault(guilty, 'part', message);
  }
}

window.addEventListener('error', ({ error, message, filename }) =>
  blame(
    error === undefined ? message : messageOf(error),
    `${filename} ${(error as Error | undefined)?.stack}`,
  ),
);
window.addEventListener('unhandledrejection', ({ reason }) =>
  blame(messageOf(reason), String((reason as Error | undefined)?.stack)),
);
