// SPDX-License-Identifier: Apache-2.0
package org.nxvms.media.worker;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import org.nxvms.media.worker.wire.FrameReader;
import org.nxvms.media.worker.wire.HostAnswer;
import org.nxvms.media.worker.wire.SourceOrder;
import org.nxvms.media.worker.wire.StillOrder;
import org.nxvms.platform.api.worker.SourceRequest;

/** A child that hostile media took over may write anything: it ends as a refused frame, never as a fault of ours. */
class WireFuzz {
    @FuzzTest
    void framesOfAChild(byte[] bytes) {
        SourceProcess source = new SourceProcess(
                "fuzz",
                new SourceRequest(
                        URI.create("http://192.0.2.1/"),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        true,
                        false,
                        1_000,
                        1_000),
                Witness.ANYWHERE,
                new Witness(),
                over -> {});
        FrameReader frames = new FrameReader(new ByteArrayInputStream(bytes));
        try {
            for (int type = frames.next(); type >= 0; type = frames.next()) {
                source.frame(type, frames.body());
            }
        } catch (IOException refused) {
            // As it should be.
        }
    }

    @FuzzTest
    void orders(byte[] bytes) {
        try {
            SourceOrder.read(ByteBuffer.wrap(bytes));
        } catch (IOException refused) {
            // As it should be.
        }
        try {
            HostAnswer.read(ByteBuffer.wrap(bytes));
        } catch (IOException refused) {
            // As it should be.
        }
        try {
            StillOrder.read(ByteBuffer.wrap(bytes));
        } catch (IOException refused) {
            // As it should be.
        }
        try {
            StillOrder.Picture.read(ByteBuffer.wrap(bytes));
        } catch (IOException refused) {
            // As it should be.
        }
    }
}
