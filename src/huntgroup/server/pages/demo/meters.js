// How loud both sides are, and when the ear hears something: measured on the streams in this page.

const VOICED = 0.012;
const EVERY_MS = 10;

/** Measures one stream: `level` is 0…1, `silences` are its pauses so far, `heard` is told when the first sound came. */
export class Ear {
  constructor(context, stream, heard) {
    this.analyser = new AnalyserNode(context, { fftSize: 512 });
    this.source = new MediaStreamAudioSourceNode(context, { mediaStream: stream });
    this.source.connect(this.analyser);
    this.samples = new Float32Array(this.analyser.fftSize);
    this.heard = heard;
    this.level = 0;
    this.voicedAt = null;
    this.silences = [];
    this.timer = setInterval(() => this.#measure(performance.now()), EVERY_MS);
  }

  /** The longest silence that ended at or after `since`, as `{from, to}`; undefined when there was none. */
  silenceSince(since) {
    const recent = this.silences.filter((one) => one.to >= since);
    return recent.sort((a, b) => a.to - a.from - (b.to - b.from)).at(-1);
  }

  /** When there was last something to hear at or before `time`; -Infinity when nothing is remembered. */
  lastVoiced(time) {
    if (this.voicedAt !== null && this.voicedAt <= time) return this.voicedAt;
    return this.silences.findLast((one) => one.from <= time)?.from ?? -Infinity;
  }

  close() {
    clearInterval(this.timer);
    this.source.disconnect();
  }

  #measure(now) {
    this.analyser.getFloatTimeDomainData(this.samples);
    let sum = 0;
    for (const sample of this.samples) sum += sample * sample;
    const loudness = Math.sqrt(sum / this.samples.length);
    this.level = Math.max(loudness, this.level * 0.9);
    if (loudness < VOICED) return;
    if (this.voicedAt === null) this.heard?.(now);
    else if (now - this.voicedAt > 3 * EVERY_MS) this.silences.push({ from: this.voicedAt, to: now });
    if (this.silences.length > 100) this.silences.shift();
    this.voicedAt = now;
  }
}

/** Draws the levels of both sides while a call is on. */
export class Meters {
  constructor(bars) {
    this.bars = bars;
    this.ears = {};
  }

  /** Listen to a side, `caller` or `agent`; the stream before it is let go. `heard` is told the first sound's time. */
  listen(side, stream, heard) {
    this.context ??= new AudioContext();
    this.context.resume().catch(() => undefined);
    this.ears[side]?.close();
    this.ears[side] = new Ear(this.context, stream, heard);
    this.#draw();
  }

  /** The silence before the agent's last first word, from whoever spoke last before it, in ms; null when unknown. */
  gapSince(since) {
    const silence = this.ears.agent?.silenceSince(since);
    if (!silence) return null;
    const before = Math.max(silence.from, this.ears.caller?.lastVoiced(silence.to) ?? -Infinity);
    return Math.round(silence.to - before);
  }

  stop() {
    for (const side of Object.keys(this.ears)) this.ears[side].close();
    this.ears = {};
    // A context that runs costs power, and keeps the sound device open.
    this.context?.suspend().catch(() => undefined);
    for (const bar of Object.values(this.bars)) bar.setAttribute("width", 0);
  }

  #draw() {
    cancelAnimationFrame(this.frame);
    for (const [side, ear] of Object.entries(this.ears)) {
      const decibels = 20 * Math.log10(ear.level + 1e-6);
      this.bars[side].setAttribute("width", Math.min(100, Math.max(0, (decibels + 54) * 2)).toFixed(0));
    }
    if (Object.keys(this.ears).length) this.frame = requestAnimationFrame(() => this.#draw());
  }
}
