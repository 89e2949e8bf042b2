// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.job.ExportScene;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.export.verify.Fault.Kind;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** Somebody does something to a package of three chunks; the verifier says what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageCheckTest {
    private byte[] genuine;
    private List<ArchiveKeys.Key> keys;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private List<String> chunks;

    @BeforeAll
    void export(@TempDir Path folder) throws Exception {
        try (ExportScene scene = new ExportScene(folder)) {
            scene.record(StreamId.main(GATE), T0, 30);
            Path zip = scene.make(scene.start(), scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE));
            genuine = Files.readAllBytes(zip);
            keys = scene.keys().keys();
            try (ZipFile file = new ZipFile(zip.toFile())) {
                for (ZipEntry entry : Collections.list(file.entries())) {
                    files.put(entry.getName(), file.getInputStream(entry).readAllBytes());
                }
            }
        }
        chunks = files.keySet().stream().filter(name -> name.endsWith(".mp4")).toList();
        assertThat(chunks).hasSize(3);
    }

    private PackageCheck.Report check(byte[] bytes) throws IOException {
        return PackageCheck.of(new ByteArrayInputStream(bytes), Long.MAX_VALUE, keys);
    }

    /** {@return a package of these files, put together as ours are} */
    private byte[] packed(Map<String, byte[]> some, Path folder) throws IOException {
        Path path = folder.resolve("packed.zip");
        Files.deleteIfExists(path);
        try (StoredZip zip = new StoredZip(path, Instant.EPOCH.plusSeconds(1_795_359_599L), List.of())) {
            for (Map.Entry<String, byte[]> file : some.entrySet()) {
                zip.add(file.getKey(), file.getValue());
            }
            zip.finish();
        }
        return Files.readAllBytes(path);
    }

    private Fault onlyFault(byte[] bytes) throws IOException {
        PackageCheck.Report report = check(bytes);
        assertThat(report.intact()).isFalse();
        assertThat(report.faults()).hasSize(1);
        return report.faults().get(0);
    }

    private static int indexOf(byte[] all, byte[] part) {
        String text = new String(all, StandardCharsets.ISO_8859_1);
        return text.indexOf(new String(part, StandardCharsets.ISO_8859_1));
    }

    @Test
    void aPackageThatNobodyTouchedIsIntactAndSaysWhoSignedIt() throws Exception {
        PackageCheck.Report report = check(genuine);
        assertThat(report.faults()).isEmpty();
        assertThat(report.intact()).isTrue();
        assertThat(report.keyId()).isEqualTo(keys.get(0).id());
        assertThat(report.files()).isEqualTo(files.size() - 3);
        assertThat(report.bytes()).isEqualTo(genuine.length);
        assertThat(report.manifest().orElseThrow().get("createdBy").asText()).isEqualTo("anna");
    }

    @Test
    void oneFlippedBitOfAChunkIsFoundWithItsFileAndTheFirstWrongBytes() throws Exception {
        byte[] second = files.get(chunks.get(1));
        int at = 300_000;
        byte[] altered = genuine.clone();
        altered[indexOf(genuine, second) + at] ^= 1;
        Fault fault = onlyFault(altered);
        assertThat(fault.kind()).isEqualTo(Kind.ALTERED);
        assertThat(fault.file()).isEqualTo(chunks.get(1));
        assertThat(fault.fromByte().orElseThrow()).isEqualTo(PieceHashes.PIECE_BYTES);
        assertThat(fault.toByte().orElseThrow()).isEqualTo(2L * PieceHashes.PIECE_BYTES);
    }

    @Test
    void oneFlippedBitAnywhereIsFound() throws Exception {
        Random random = new Random(76);
        for (int n = 0; n < 200; n++) {
            int at = random.nextInt(genuine.length);
            byte[] altered = genuine.clone();
            altered[at] ^= (byte) (1 << random.nextInt(8));
            assertThat(check(altered).intact()).as("byte " + at).isFalse();
        }
        for (String name : List.of("manifest.json", "manifest.jws")) {
            int begin = indexOf(genuine, files.get(name));
            // The last character of a signature in base64 has bits that mean nothing.
            for (int i = 0; i < files.get(name).length - 1; i += 7) {
                byte[] altered = genuine.clone();
                altered[begin + i] ^= 1;
                assertThat(check(altered).intact()).as(name + " byte " + i).isFalse();
            }
        }
    }

    @Test
    void aChunkThatWasTakenOutIsMissing(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        some.remove(chunks.get(1));
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.MISSING);
        assertThat(fault.file()).isEqualTo(chunks.get(1));
    }

    @Test
    void aFileThatWasPutInIsNamed(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>();
        some.put("01-Gate_North/extra.mp4", files.get(chunks.get(0)));
        some.putAll(files);
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.ADDED);
        assertThat(fault.file()).isEqualTo("01-Gate_North/extra.mp4");
    }

    @Test
    void chunksThatLieInAnotherOrderAreNamed(@TempDir Path folder) throws Exception {
        List<String> names = new ArrayList<>(files.keySet());
        Collections.swap(names, names.indexOf(chunks.get(0)), names.indexOf(chunks.get(1)));
        Map<String, byte[]> some = new LinkedHashMap<>();
        names.forEach(name -> some.put(name, files.get(name)));
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.REORDERED);
        assertThat(fault.file()).isEqualTo(chunks.get(1));
    }

    @Test
    void chunksWhoseContentsWereExchangedAreNamedBoth(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        some.put(chunks.get(0), files.get(chunks.get(2)));
        some.put(chunks.get(2), files.get(chunks.get(0)));
        PackageCheck.Report report = check(packed(some, folder));
        assertThat(report.faults()).extracting(Fault::kind).containsExactly(Kind.REORDERED, Kind.REORDERED);
        assertThat(report.faults()).extracting(Fault::file).containsExactly(chunks.get(0), chunks.get(2));
        assertThat(report.faults().get(0).detail()).contains(chunks.get(2));
    }

    @Test
    void aChunkThatWasCutOffIsShorter(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        byte[] whole = files.get(chunks.get(1));
        some.put(chunks.get(1), Arrays.copyOf(whole, whole.length - 10));
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.RESIZED);
        assertThat(fault.fromByte().orElseThrow()).isEqualTo(whole.length - 10);
        assertThat(fault.toByte().orElseThrow()).isEqualTo(whole.length);
    }

    @Test
    void aManifestThatWasMadeToFitIsNotTheOneThatWasSigned(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        String text = new String(files.get("manifest.json"), StandardCharsets.UTF_8);
        some.put("manifest.json", text.replace("anna", "bert").getBytes(StandardCharsets.UTF_8));
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.SIGNATURE);
    }

    @Test
    void aPackageWithoutSignatureOrWithAStrangersIsToldAsSuch(@TempDir Path folder) throws Exception {
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        some.remove("manifest.jws");
        assertThat(onlyFault(packed(some, folder)).kind()).isEqualTo(Kind.UNSIGNED);

        PackageCheck.Report elsewhere = PackageCheck.of(new ByteArrayInputStream(genuine), Long.MAX_VALUE, List.of());
        assertThat(elsewhere.faults()).extracting(Fault::kind).containsExactly(Kind.UNKNOWN_KEY);
        assertThat(elsewhere.keyId()).isEqualTo(keys.get(0).id());
    }

    @Test
    void whatIsNoPackageOrHalfOfOneIsSaidToBeDamaged() throws Exception {
        assertThat(check(new byte[0]).faults()).extracting(Fault::kind).contains(Kind.DAMAGED);
        assertThat(check("not a package".getBytes(StandardCharsets.US_ASCII)).intact())
                .isFalse();
        PackageCheck.Report half = check(Arrays.copyOf(genuine, genuine.length / 2));
        assertThat(half.faults()).extracting(Fault::kind).containsExactly(Kind.DAMAGED, Kind.MISSING);
        assertThat(half.faults().get(0).detail()).contains("breaks off at byte " + genuine.length / 2);
    }

    @Test
    void moreIsNotReadThanIsAllowed() {
        assertThatThrownBy(() -> PackageCheck.of(new ByteArrayInputStream(genuine), 10_000, keys))
                .isInstanceOf(PackageCheck.TooLargeException.class);
    }
}
