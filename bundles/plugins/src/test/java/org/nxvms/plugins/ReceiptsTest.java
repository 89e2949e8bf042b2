// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.Statements;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.plugins.runtime.FrameCounts;
import org.nxvms.plugins.store.ReceiptBook;
import org.nxvms.rest.kit.json.Json;

/** Receipts while what they need is away or fails: none is lost, and none is in the way of what it is about. */
class ReceiptsTest {
    private static final Statements SIGNS = (type, payload) -> Optional.of("signature");
    private static final Statements FAILS = (type, payload) -> {
        throw new IllegalStateException("the archive is being exchanged");
    };
    private static final int LONG_MS = 60_000;

    @TempDir
    private Path folder;

    private ReceiptBook book;
    private final AtomicInteger countsThatFail = new AtomicInteger();
    private final FrameCounts counts = new FrameCounts(
            () -> {
                if (countsThatFail.getAndDecrement() > 0) {
                    throw new IllegalStateException("the hub is being exchanged");
                }
                return null;
            },
            () -> null);

    @BeforeEach
    void open() {
        book = new ReceiptBook(folder);
    }

    private Receipts receipts(Statements signer, int windowMs) {
        return new Receipts(book, counts, () -> signer, () -> windowMs);
    }

    private static ReceiptDraft done(String plugin) {
        ReceiptDraft draft = new ReceiptDraft(Operation.UPDATE, plugin, "admin");
        draft.ends(Outcome.DONE, "");
        return draft;
    }

    private SwapReceipt written(SwapReceipt receipt) throws Exception {
        return book.find(receipt.id()).orElseThrow();
    }

    @Test
    void framesAreWrittenAlthoughNobodyCanSign() throws Exception {
        SwapReceipt receipt;
        try (Receipts receipts = receipts(FAILS, LONG_MS)) {
            receipt = receipts.end(done("a"), counts.now(), counts.now());
        }
        assertThat(written(receipt).windows()).isPresent();
        assertThat(written(receipt).signature()).isEmpty();
        try (Receipts next = receipts(SIGNS, 0)) {
            assertThat(next.interrupted()).isEmpty();
        }
        assertThat(written(receipt).signature()).contains("signature");
    }

    @Test
    void aCountThatFailsCostsItsOwnReceiptOnly() throws Exception {
        SwapReceipt first;
        SwapReceipt second;
        try (Receipts receipts = receipts(SIGNS, LONG_MS)) {
            first = receipts.end(done("a"), counts.now(), counts.now());
            second = receipts.end(done("b"), counts.now(), counts.now());
            countsThatFail.set(1);
        }
        assertThat(written(second).windows()).isPresent();
        assertThat(written(second).signature()).isPresent();
        assertThat(written(first).windows()).isEmpty();
        assertThat(written(first).outcome()).isEqualTo(Outcome.DONE);
        try (Receipts next = receipts(SIGNS, 0)) {
            next.interrupted();
        }
        assertThat(written(first).signature()).isPresent();
    }

    @Test
    void aRefusalIsToldAlthoughNobodyCanSign() throws Exception {
        ReceiptDraft draft = new ReceiptDraft(Operation.INSTALL, "a", "admin");
        draft.ends(Outcome.REFUSED, "It exports a package.");
        try (Receipts receipts = receipts(FAILS, 0)) {
            SwapReceipt refused = receipts.refused(draft);
            assertThat(refused.signature()).isEmpty();
            assertThat(book.newest(10, Optional.empty())).isEqualTo(List.of(refused));
        }
    }

    /** What is signed must not change with what streams are besides: a receipt of an earlier version would be a forged one. */
    @Test
    void streamsAreWrittenAsTheyAlwaysWere() throws Exception {
        SwapReceipt.Frames frames = new SwapReceipt.Frames(StreamId.main(new UUID(1, 2)), 3, 4, 5, 0, true);
        String text = Json.mapper().writeValueAsString(frames);
        assertThat(text)
                .isEqualTo("{\"stream\":{\"cameraId\":\"00000000-0000-0001-0000-000000000002\",\"role\":\"main\"},"
                        + "\"before\":3,\"during\":4,\"after\":5,\"lost\":0,\"whole\":true}");
        assertThat(Json.mapper().readValue(text, SwapReceipt.Frames.class)).isEqualTo(frames);
    }
}
