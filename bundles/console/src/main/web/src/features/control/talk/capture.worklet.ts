// SPDX-License-Identifier: Apache-2.0
// Runs on the browser's audio thread: hands on what the microphone hears.

declare const registerProcessor: (name: string, processor: unknown) => void;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}

class Capture extends AudioWorkletProcessor {
  process(inputs: Float32Array[][]): boolean {
    const samples = inputs[0]?.[0];
    if (samples) {
      this.port.postMessage(samples.slice());
    }
    return true;
  }
}

registerProcessor('nxvms-capture', Capture);

export {};
