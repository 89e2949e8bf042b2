// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/** Looks at a stream of a clip's pictures, and says what of the scene each one shows. One thread. */
public final class Viewer implements AutoCloseable {
    private final Scene scene;
    private final H264Decoder decoder;
    private final Queue<H264Decoder.Luma> decoded = new ArrayDeque<>();

    /** A decoded picture. */
    public final class Seen {
        private final H264Decoder.Luma luma;
        private final int number;

        private Seen(H264Decoder.Luma luma) {
            this.luma = luma;
            this.number = FrameStrip.read(luma.bytes(), luma.stride(), luma.width(), luma.height())
                    .orElseThrow(() -> new AssertionError("no frame strip can be read"));
        }

        /** {@return what its frame strip says} */
        public int number() {
            return number;
        }

        /** {@return by how much it differs from what is seen from somewhere}: the mean of all pixels' luma below the texts. */
        public double awayFrom(View view) {
            byte[] expected = scene.draw(number, view, List.of()).y;
            long sum = 0;
            int count = 0;
            for (int y = luma.height() / 2; y < luma.height(); y++) {
                for (int x = 0; x < luma.width(); x++, count++) {
                    sum += Math.abs(
                            (luma.bytes()[y * luma.stride() + x] & 0xff) - (expected[y * luma.width() + x] & 0xff));
                }
            }
            return sum / (double) count;
        }

        /** {@return the least and the greatest luma of a part of it, from its left and top to its right and bottom in 0..1} */
        public int[] range(double left, double top, double right, double bottom) {
            int[] range = {255, 0};
            for (int y = (int) (top * luma.height()); y < bottom * luma.height(); y++) {
                for (int x = (int) (left * luma.width()); x < right * luma.width(); x++) {
                    int value = luma.bytes()[y * luma.stride() + x] & 0xff;
                    range[0] = Math.min(range[0], value);
                    range[1] = Math.max(range[1], value);
                }
            }
            return range;
        }

        /** {@return whether it shows one rather than the other, beyond doubt} */
        public boolean isOf(View one, View other) {
            return awayFrom(one) * 2 < awayFrom(other);
        }
    }

    public Viewer(ClipSpec spec) throws ClipException {
        scene = new Scene(spec, FrameStrip.RENDITION_MAIN);
        decoder = new H264Decoder(decoded::add);
    }

    /** {@return the picture that this one has brought to light, which may be one before} */
    public Optional<Seen> see(byte[] annexB) throws ClipException {
        decoder.decode(annexB);
        return Optional.ofNullable(decoded.poll()).map(Seen::new);
    }

    @Override
    public void close() {
        decoder.close();
    }
}
