// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.job;

import java.nio.ByteBuffer;
import java.util.Optional;
import org.nxvms.export.cut.Fragments;
import org.nxvms.export.mkv.Matroska;
import org.nxvms.media.StreamFormat;
import org.nxvms.media.kit.fmp4.InitSegment;
import org.nxvms.media.kit.fmp4.Mp4Exception;
import org.nxvms.platform.api.export.ExportOrder;

/** What a file of footage is written as, from its beginning to its end. One thread. */
interface Container {
    /** {@return how the file begins} */
    ByteBuffer begin();

    /**
     * {@return what a fragment becomes}
     *
     * @param fragment from {@code moof} to the end of {@code mdat}, with the file's times
     */
    ByteBuffer of(ByteBuffer fragment) throws Mp4Exception;

    /** {@return how the file ends} */
    ByteBuffer end();

    /** {@return how the file begins now that it has ended}: as many bytes as it began with; empty when those are right */
    default Optional<ByteBuffer> beginning() {
        return Optional.empty();
    }

    /**
     * What a container is made for.
     *
     * @param init of the footage; empty where something in the file was encoded anew
     * @param startUs wall time of the first picture
     */
    record Content(StreamFormat format, Optional<byte[]> init, long startUs) {}

    /** Makes one. */
    @FunctionalInterface
    interface Maker {
        Container of(Content content);
    }

    /** {@return what makes those of a form} */
    static Maker of(ExportOrder.Form form, String software) {
        return form == ExportOrder.Form.MKV ? content -> mkv(content, software) : Container::mp4;
    }

    /** {@return the end of the names of such files} */
    static String suffix(ExportOrder.Form form) {
        return form == ExportOrder.Form.MKV ? ".mkv" : ".mp4";
    }

    private static Container mp4(Content content) {
        return new Container() {
            @Override
            public ByteBuffer begin() {
                return ByteBuffer.wrap(content.init().orElseGet(() -> InitSegment.build(content.format())));
            }

            @Override
            public ByteBuffer of(ByteBuffer fragment) {
                return fragment;
            }

            @Override
            public ByteBuffer end() {
                return ByteBuffer.allocate(0);
            }
        };
    }

    private static Container mkv(Content content, String software) {
        Matroska matroska = new Matroska(content.format());
        return new Container() {
            @Override
            public ByteBuffer begin() {
                return matroska.begin(software, content.startUs());
            }

            @Override
            public ByteBuffer of(ByteBuffer fragment) throws Mp4Exception {
                return matroska.clusters(Fragments.samples(fragment));
            }

            @Override
            public ByteBuffer end() {
                return matroska.end();
            }

            @Override
            public Optional<ByteBuffer> beginning() {
                return Optional.of(matroska.beginning());
            }
        };
    }
}
