// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.clip;

import java.util.List;

/** Encodes pictures of a clip's scene one by one, each as it is seen from elsewhere, with the frame strip that it always has. One thread. */
public final class ViewEncoder implements AutoCloseable {
    private final Scene scene;
    private final List<Cover> covers;
    private final H264Encoder encoder;

    /** @throws ClipException where pictures cannot be encoded */
    public ViewEncoder(ClipSpec spec, ClipVariants.Variant variant) throws ClipException {
        ClipGenerator.loadNatives();
        covers = variant.covers();
        scene = ClipGenerator.scene(spec, variant);
        encoder = new H264Encoder(variant, spec.fps());
    }

    /**
     * Encodes the next picture.
     *
     * @param frame of the clip
     * @param key whether it must refer to none before
     */
    public Clip.AccessUnit encode(int frame, View view, boolean key) throws ClipException {
        encoder.encode(scene.draw(frame, view, covers), key);
        return encoder.take();
    }

    @Override
    public void close() {
        encoder.close();
    }
}
