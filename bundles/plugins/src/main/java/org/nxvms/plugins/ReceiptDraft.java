// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import org.nxvms.platform.api.plugin.PluginVersion;
import org.nxvms.platform.api.plugin.SwapReceipt;
import org.nxvms.platform.api.plugin.SwapReceipt.BundleChange;
import org.nxvms.platform.api.plugin.SwapReceipt.Frames;
import org.nxvms.platform.api.plugin.SwapReceipt.Operation;
import org.nxvms.platform.api.plugin.SwapReceipt.Outcome;
import org.nxvms.platform.api.plugin.SwapReceipt.Windows;
import org.osgi.framework.Bundle;

/** A receipt that grows with its operation. One thread at a time. */
final class ReceiptDraft {
    /** A clock that goes back further was set. */
    private static final long SAME_MS_MAX = 1_000;

    private static final AtomicLong LAST_MS = new AtomicLong();

    final UUID id = UUID.randomUUID();
    final Operation operation;
    final String by;
    private final Instant begun = next();
    private final List<BundleChange> bundles = new ArrayList<>();
    private String plugin;
    private Optional<String> from = Optional.empty();
    private Optional<String> to = Optional.empty();
    private Optional<String> sha256 = Optional.empty();
    private Outcome outcome = Outcome.RUNNING;
    private Optional<Instant> ended = Optional.empty();
    private String detail = "";
    private int compared;

    ReceiptDraft(Operation operation, String plugin, String by) {
        this.operation = operation;
        this.plugin = plugin;
        this.by = by;
    }

    /** Receipts are kept in the order of their beginning: two that begin within one millisecond are not of one time. */
    private static Instant next() {
        long now = System.currentTimeMillis();
        return Instant.ofEpochMilli(
                LAST_MS.updateAndGet(last -> now > last || now < last - SAME_MS_MAX ? now : last + 1));
    }

    /** Milliseconds are what is written down. */
    static Instant now() {
        return Instant.ofEpochMilli(System.currentTimeMillis());
    }

    void names(String name) {
        plugin = name;
    }

    void concerns(Optional<PluginVersion> served, Optional<PluginVersion> serves) {
        from = served.map(PluginVersion::version);
        to = serves.map(PluginVersion::version);
        sha256 = serves.map(PluginVersion::sha256);
    }

    void came(Bundle bundle) {
        bundles.add(new BundleChange(bundle.getBundleId(), bundle.getLocation(), true));
    }

    void went(Bundle bundle) {
        bundles.add(new BundleChange(bundle.getBundleId(), bundle.getLocation(), false));
    }

    void compared(int others) {
        compared = others;
    }

    void ends(Outcome how, String why) {
        outcome = how;
        detail = why;
        ended = Optional.of(now());
    }

    String plugin() {
        return plugin;
    }

    boolean hasEnded() {
        return outcome != Outcome.RUNNING;
    }

    SwapReceipt receipt() {
        return receipt(Optional.empty(), List.of());
    }

    SwapReceipt receipt(Optional<Windows> windows, List<Frames> frames) {
        return new SwapReceipt(
                id,
                operation,
                plugin,
                from,
                to,
                sha256,
                by,
                begun,
                ended,
                outcome,
                detail,
                bundles,
                compared,
                windows,
                frames,
                Optional.empty());
    }
}
