// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.pack.ZipHeaders;
import org.nxvms.export.verify.Described.Expected;
import org.nxvms.export.verify.Fault.Kind;
import org.nxvms.export.verify.PackageWalk.BrokenException;
import org.nxvms.export.verify.PackageWalk.Found;
import org.nxvms.platform.api.archive.ArchiveKeys;

/** Says what of a package is not as it was exported (docs/design/export.md, invariant 2). One thread at a time. */
public final class PackageCheck {
    /** Enough to see the pattern. */
    private static final int FAULTS_MAX = 100;

    private static final List<String> BEHIND = List.of(Manifest.FILE, Manifest.SIGNATURE, Manifest.KEY);

    private final List<Fault> faults = new ArrayList<>();
    private boolean whole = true;

    /**
     * The outcome.
     *
     * @param intact whether it is in every byte what a server whose key is known here exported
     * @param bytes read
     * @param files that describe nothing but are described
     * @param keyId of who signed, empty when nobody did
     * @param described what the package says about itself; empty when that cannot be read. Believe it only when intact
     * @param faults at most a hundred
     */
    public record Report(
            boolean intact, long bytes, int files, String keyId, Optional<Described> described, List<Fault> faults) {}

    /** A package is larger than is read here. */
    public static final class TooLargeException extends IOException {
        private static final long serialVersionUID = 1L;

        TooLargeException(IOException cause) {
            super(cause);
        }
    }

    private PackageCheck() {}

    /**
     * Reads a package to its end.
     *
     * @param bytesMax more are not read
     * @param ours keys of this server
     * @throws TooLargeException when it is larger
     * @throws IOException when it cannot be read; what it is does not throw
     */
    public static Report of(InputStream in, long bytesMax, List<ArchiveKeys.Key> ours) throws IOException {
        return new PackageCheck().check(in, bytesMax, ours);
    }

    private Report check(InputStream in, long bytesMax, List<ArchiveKeys.Key> ours) throws IOException {
        PackageWalk walk = new PackageWalk(in, bytesMax);
        if (!walk(walk)) {
            return new Report(false, walk.position(), 0, "", Optional.empty(), List.copyOf(faults));
        }
        Map<String, Found> found = new LinkedHashMap<>();
        for (Found file : walk.files) {
            if (found.putIfAbsent(file.name(), file) != null) {
                say(Fault.of(Kind.ADDED, file.name(), file.name() + " is there twice."));
            } else if (!file.sound() && BEHIND.contains(file.name())) {
                say(checkSum(file.name()));
            }
        }
        Optional<Described> described = described(found.get(Manifest.FILE), walk.when());
        String keyId = "";
        if (found.containsKey(Manifest.FILE)) {
            Signer signer = Signer.of(
                    found.get(Manifest.FILE).content(),
                    text(found.get(Manifest.SIGNATURE)),
                    text(found.get(Manifest.KEY)),
                    ours);
            signer.fault().ifPresent(this::say);
            keyId = signer.keyId();
            key(found.get(Manifest.KEY), keyId);
        }
        if (described.isPresent()) {
            Map<String, Expected> expected = described.get().files();
            compare(expected, found);
            order(new ArrayList<>(expected.keySet()), found);
        }
        int files = described.map(one -> one.files().size()).orElse(0);
        return new Report(faults.isEmpty(), walk.position(), files, keyId, described, List.copyOf(faults));
    }

    /** {@return whether it is a package at all, as far as its beginning tells} */
    private boolean walk(PackageWalk walk) throws IOException {
        try {
            walk.read();
        } catch (PackageWalk.OtherException other) {
            say(Fault.of(other.kind(), "", other.getMessage()));
            walk.drain();
            return false;
        } catch (BrokenException broken) {
            whole = false;
            say(Fault.of(
                    Kind.DAMAGED,
                    "",
                    "The package is damaged: " + broken.getMessage() + ". Files behind that are not known."));
            walk.drain();
        } catch (PackageWalk.TooLargeException tooLarge) {
            throw new TooLargeException(tooLarge);
        }
        return true;
    }

    private Optional<Described> described(Found file, Instant when) {
        if (file == null) {
            say(Fault.of(
                    Kind.MISSING,
                    Manifest.FILE,
                    "There is no manifest: it is no package of an export, or not a whole one."));
            return Optional.empty();
        }
        try {
            Described described = Described.of(file.content(), PackageWalk.FILES_MAX);
            if (!described.created().map(ZipHeaders::stored).equals(Optional.of(when))) {
                say(Fault.of(Kind.DAMAGED, "", "The times of the files in the package are not those of the manifest."));
            }
            return Optional.of(described);
        } catch (JsonProcessingException unreadable) {
            say(Fault.of(
                    Kind.ALTERED,
                    Manifest.FILE,
                    "The manifest cannot be read: " + unreadable.getOriginalMessage() + "."));
        } catch (IOException unreadable) {
            say(Fault.of(Kind.ALTERED, Manifest.FILE, "The manifest cannot be read: it was altered."));
        }
        return Optional.empty();
    }

    /** What is signed has its key beside it, and nothing else in that file. */
    private void key(Found file, String keyId) {
        if (keyId.isEmpty()) {
            return;
        }
        if (file == null) {
            if (whole) {
                say(Fault.of(Kind.MISSING, Manifest.KEY, Manifest.KEY + " is not there."));
            }
        } else if (!Signer.isKey(text(file), keyId)) {
            say(Fault.of(Kind.ALTERED, Manifest.KEY, Manifest.KEY + " is not the key that signed: it was altered."));
        }
    }

    private static String text(Found file) {
        return file == null ? "" : new String(file.content(), StandardCharsets.US_ASCII);
    }

    private void compare(Map<String, Expected> expected, Map<String, Found> found) {
        expected.forEach((name, should) -> {
            Found is = found.get(name);
            if (faults.size() == FAULTS_MAX) {
                return;
            }
            if (is == null) {
                // Behind damage nothing is known.
                if (whole) {
                    say(Fault.of(Kind.MISSING, name, name + " is not there."));
                }
                return;
            }
            if (is.bytes() == should.bytes() && Arrays.equals(is.pieces(), should.pieces())) {
                if (!is.sound()) {
                    say(checkSum(name));
                }
                return;
            }
            say(different(name, is, should, expected));
        });
        for (String name : found.keySet()) {
            if (!expected.containsKey(name) && !BEHIND.contains(name)) {
                say(Fault.of(Kind.ADDED, name, name + " was not exported: it was added."));
            }
        }
    }

    private static Fault checkSum(String name) {
        return Fault.of(Kind.DAMAGED, name, "The check sum of " + name + " in the package is not that of its bytes.");
    }

    private static Fault different(String name, Found is, Expected should, Map<String, Expected> expected) {
        for (Map.Entry<String, Expected> other : expected.entrySet()) {
            if (other.getValue().bytes() == is.bytes()
                    && Arrays.equals(other.getValue().pieces(), is.pieces())) {
                return Fault.at(
                        Kind.REORDERED, name, 0, is.bytes(), name + " holds what belongs to " + other.getKey() + ".");
            }
        }
        int hash = PieceHashes.HASH_BYTES;
        long common = Math.min(is.bytes(), should.bytes());
        for (int i = 0; (long) i * PieceHashes.PIECE_BYTES < common; i++) {
            long from = (long) i * PieceHashes.PIECE_BYTES;
            boolean same = Arrays.equals(
                    is.pieces(),
                    i * hash,
                    Math.min(is.pieces().length, (i + 1) * hash),
                    should.pieces(),
                    Math.min(should.pieces().length, i * hash),
                    Math.min(should.pieces().length, (i + 1) * hash));
            boolean shortened = from + PieceHashes.PIECE_BYTES > common && is.bytes() != should.bytes();
            if (!same && !shortened) {
                long to = Math.min(is.bytes(), from + PieceHashes.PIECE_BYTES);
                return Fault.at(
                        Kind.ALTERED,
                        name,
                        from,
                        to,
                        name + " was altered: the first wrong bytes are within " + from + " to " + (to - 1) + ".");
            }
        }
        return Fault.at(
                Kind.RESIZED,
                name,
                common,
                Math.max(is.bytes(), should.bytes()),
                name + " has " + is.bytes() + " bytes; " + should.bytes() + " were exported.");
    }

    /** The same files lie in the same order, and behind them what describes them. */
    private void order(List<String> expected, Map<String, Found> found) {
        Set<String> known = new HashSet<>(expected);
        List<String> there = found.keySet().stream()
                .filter(name -> known.contains(name) || BEHIND.contains(name))
                .toList();
        Set<String> present = new HashSet<>(there);
        List<String> should = new ArrayList<>(expected);
        should.addAll(BEHIND);
        should.removeIf(name -> !present.contains(name));
        for (int i = 0; i < there.size(); i++) {
            if (!there.get(i).equals(should.get(i))) {
                say(Fault.of(
                        Kind.REORDERED,
                        there.get(i),
                        there.get(i) + " lies where " + should.get(i) + " was exported."));
                return;
            }
        }
    }

    private void say(Fault fault) {
        if (faults.size() < FAULTS_MAX) {
            faults.add(fault);
        }
    }
}
