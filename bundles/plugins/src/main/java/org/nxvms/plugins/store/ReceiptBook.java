// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.rest.kit.json.Json;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Receipts, one file each: {@code plugins/receipts/MILLISECONDS-ID.json}; the oldest go. Any thread. */
public final class ReceiptBook {
    private static final Logger LOG = LoggerFactory.getLogger(ReceiptBook.class);
    /** Ten a day for almost three years. */
    static final int RECEIPTS_MAX = 10_000;

    private static final String SUFFIX = ".json";

    private final Path folder;

    public ReceiptBook(Path folder) {
        this.folder = folder.resolve("receipts");
    }

    /** Writes a receipt, or writes it anew. On return it is on the disk. */
    public void put(SwapReceipt receipt) throws IOException {
        DurableFile.write(file(receipt), Json.mapper().writeValueAsBytes(receipt));
    }

    /** {@return what is signed of a receipt: itself, without signature} */
    public static byte[] statement(SwapReceipt receipt) {
        try {
            return Json.mapper().writeValueAsBytes(receipt);
        } catch (JsonProcessingException cannotBe) {
            throw new IllegalStateException(cannotBe);
        }
    }

    /**
     * {@return receipts, newest first}
     *
     * @param before only those older than this one
     */
    public List<SwapReceipt> newest(int limit, Optional<UUID> before) throws IOException {
        List<Path> files = files();
        int from = 0;
        if (before.isPresent()) {
            String end = "-" + before.get() + SUFFIX;
            while (from < files.size() && !files.get(from).toString().endsWith(end)) {
                from++;
            }
            from++;
        }
        List<SwapReceipt> found = new ArrayList<>();
        for (int i = from; i < files.size() && found.size() < limit; i++) {
            read(files.get(i)).ifPresent(found::add);
        }
        return found;
    }

    public Optional<SwapReceipt> find(UUID id) throws IOException {
        String end = "-" + id + SUFFIX;
        for (Path file : files()) {
            if (file.toString().endsWith(end)) {
                return read(file);
            }
        }
        return Optional.empty();
    }

    /** Removes the oldest beyond {@link #RECEIPTS_MAX}. */
    public void prune() throws IOException {
        List<Path> files = files();
        for (int i = RECEIPTS_MAX; i < files.size(); i++) {
            Files.deleteIfExists(files.get(i));
        }
    }

    private Path file(SwapReceipt receipt) {
        return folder.resolve(
                String.format(Locale.ROOT, "%013d-%s%s", receipt.begun().toEpochMilli(), receipt.id(), SUFFIX));
    }

    /** Newest first. */
    private List<Path> files() throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().matches("[0-9]{13}-.*\\.json"))
                    .sorted(Comparator.reverseOrder())
                    .toList();
        }
    }

    /** One that is damaged is left out: it must not hide the others. */
    private static Optional<SwapReceipt> read(Path file) throws IOException {
        try {
            return Optional.of(Json.mapper().readValue(Files.readAllBytes(file), SwapReceipt.class));
        } catch (NoSuchFileException pruned) {
            return Optional.empty();
        } catch (JsonProcessingException damaged) {
            LOG.warn("The receipt {} is damaged: put it back from a backup, or delete it", file, damaged);
            return Optional.empty();
        }
    }
}
