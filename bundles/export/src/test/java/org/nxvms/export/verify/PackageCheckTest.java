// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nxvms.export.job.ExportScene.GATE;
import static org.nxvms.export.job.ExportScene.SECOND_US;
import static org.nxvms.export.job.ExportScene.T0;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
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
import java.util.Optional;
import java.util.Random;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.nxvms.export.job.ExportScene;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.export.pack.StoredZip;
import org.nxvms.export.pack.ZipHeaders;
import org.nxvms.export.verify.Fault.Kind;
import org.nxvms.media.StreamId;
import org.nxvms.platform.api.archive.ArchiveKeys;
import org.nxvms.platform.api.export.ExportOrder.Form;

/** Somebody does something to a package of three chunks; the verifier says what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PackageCheckTest {
    private byte[] genuine;
    private Instant when;
    private List<ArchiveKeys.Key> keys;
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private List<String> chunks;

    @BeforeAll
    void export(@TempDir Path folder) throws Exception {
        try (ExportScene scene = new ExportScene(folder)) {
            scene.record(StreamId.main(GATE), T0, 30);
            Path zip = scene.make(scene.start(), scene.job(Form.CHUNKS, T0, T0 + 30 * SECOND_US, GATE));
            genuine = Files.readAllBytes(zip);
            when = ZipHeaders.time(ByteBuffer.wrap(genuine).order(ByteOrder.LITTLE_ENDIAN));
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
        try (StoredZip zip = new StoredZip(path, when, List.of(), Optional.empty())) {
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
        assertThat(report.described().orElseThrow().createdBy()).isEqualTo("anna");
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
        for (String name : List.of("manifest.json", "manifest.jws", "public-key.pem")) {
            int begin = indexOf(genuine, files.get(name));
            for (int i = files.get(name).length - 1; i >= 0; i -= 7) {
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
    void halfAPackageIsSaidToBeDamaged() throws Exception {
        PackageCheck.Report half = check(Arrays.copyOf(genuine, genuine.length / 2));
        assertThat(half.faults()).extracting(Fault::kind).containsExactly(Kind.DAMAGED, Kind.MISSING);
        assertThat(half.faults().get(0).detail()).contains("breaks off at byte " + genuine.length / 2);
    }

    @Test
    void moreIsNotReadThanIsAllowed() {
        assertThatThrownBy(() -> PackageCheck.of(new ByteArrayInputStream(genuine), 10_000, keys))
                .isInstanceOf(PackageCheck.TooLargeException.class);
    }

    /** Check sums are made to fit, so that only what is said of these files can tell. */
    @Test
    void whatDescribesThePackageIsAsItWasExportedToTheLastByte(@TempDir Path folder) throws Exception {
        byte[] manifest = files.get("manifest.json");
        String pem = new String(files.get("public-key.pem"), StandardCharsets.US_ASCII);
        byte[] jws = files.get("manifest.jws");
        for (int i = 0; i < jws.length; i++) {
            byte[] altered = jws.clone();
            altered[i] ^= 1;
            String text = new String(altered, StandardCharsets.US_ASCII);
            assertThat(Signer.of(manifest, text, pem, keys).fault())
                    .as("byte " + i)
                    .isPresent();
        }
        assertThat(Signer.isKey(pem, keys.get(0).id())).isTrue();
        for (int i = 0; i < pem.length(); i++) {
            byte[] altered = files.get("public-key.pem").clone();
            altered[i] ^= 1;
            String text = new String(altered, StandardCharsets.US_ASCII);
            assertThat(Signer.isKey(text, keys.get(0).id())).as("byte " + i).isFalse();
        }
        for (String name : List.of("manifest.jws", "public-key.pem")) {
            byte[] longer = Arrays.copyOf(files.get(name), files.get(name).length + 1);
            longer[longer.length - 1] = '\n';
            Map<String, byte[]> some = new LinkedHashMap<>(files);
            some.put(name, longer);
            assertThat(onlyFault(packed(some, folder)).file()).isEqualTo(name);
        }
        Map<String, byte[]> some = new LinkedHashMap<>(files);
        some.remove("public-key.pem");
        Fault fault = onlyFault(packed(some, folder));
        assertThat(fault.kind()).isEqualTo(Kind.MISSING);
        assertThat(fault.file()).isEqualTo("public-key.pem");
    }

    @Test
    void theTimeThatTheZipShowsIsThatOfTheManifest(@TempDir Path folder) throws Exception {
        Path path = folder.resolve("later.zip");
        try (StoredZip zip = new StoredZip(path, when.plusSeconds(2), List.of(), Optional.empty())) {
            for (Map.Entry<String, byte[]> file : files.entrySet()) {
                zip.add(file.getKey(), file.getValue());
            }
            zip.finish();
        }
        Fault fault = onlyFault(Files.readAllBytes(path));
        assertThat(fault.kind()).isEqualTo(Kind.DAMAGED);
        assertThat(fault.detail()).contains("times");
    }

    private static byte[] entry(String name, byte[] content, int claimed) {
        CRC32 sum = new CRC32();
        sum.update(content);
        ByteBuffer head = ZipHeaders.local(name, Instant.EPOCH, sum.getValue(), claimed);
        return ByteBuffer.allocate(head.remaining() + content.length)
                .put(head)
                .put(content)
                .array();
    }

    /** The heap is recording's: whoever may export could else end it with an upload of some hundred megabytes. */
    @Test
    void whatIsThereAgainAndAgainOrIsOnlyClaimedTakesNoMemory() throws Exception {
        byte[] once = entry("manifest.json", new byte[1 << 20], 1 << 20);
        PackageWalk again = new PackageWalk(
                new SequenceInputStream(Collections.enumeration(Collections.nCopies(50, once).stream()
                        .map(ByteArrayInputStream::new)
                        .toList())),
                Long.MAX_VALUE);
        assertThatThrownBy(again::read).hasMessageContaining("breaks off");
        assertThat(again.files).hasSize(50);
        assertThat(again.files.stream().mapToLong(file -> file.content().length).sum())
                .isEqualTo(1 << 20);

        byte[] claim = entry("manifest.json", new byte[0], 16 << 20);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(check(claim).faults().get(0).detail()).contains("breaks off");
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(4 << 20);
        assertThat(check(entry("manifest.jws", new byte[0], 1 << 20))
                        .faults()
                        .get(0)
                        .detail())
                .contains("manifest.jws claims 1048576 bytes");
    }

    @Test
    void ofAManifestOnlyWhatIsComparedTakesMemory(@TempDir Path folder) throws Exception {
        String nothings = "\"x\":[" + "{},".repeat(3_000_000) + "0]";
        String text = new String(files.get("manifest.json"), StandardCharsets.UTF_8);
        byte[] large = text.replaceFirst("\\{", "{" + nothings + ",").getBytes(StandardCharsets.UTF_8);
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertThat(Described.of(large, 100).files()).hasSize(files.size() - 3);
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8 << 20);
        for (String not :
                List.of("[]", "{}", "", "null", "{\"files\":[0]}", "{\"files\":[],\"files\":[]}", text + "0")) {
            Map<String, byte[]> some = new LinkedHashMap<>(files);
            some.put("manifest.json", not.getBytes(StandardCharsets.UTF_8));
            assertThat(check(packed(some, folder)).faults())
                    .as(not)
                    .extracting(Fault::kind)
                    .containsExactly(Kind.ALTERED, Kind.SIGNATURE);
        }
        assertThatThrownBy(() -> Described.of(files.get("manifest.json"), 2)).hasMessageContaining("more than 2 files");
    }

    @Test
    void whatStandsBehindAPackageIsFound() throws Exception {
        byte[] longer = Arrays.copyOf(genuine, genuine.length + 1);
        assertThat(onlyFault(longer).kind()).isEqualTo(Kind.DAMAGED);
    }

    @Test
    void whoSendsADamagedPackageIsListenedToToItsEnd() throws Exception {
        byte[] damaged = genuine.clone();
        damaged[0] ^= 1;
        assertThat(check(damaged).bytes()).isEqualTo(genuine.length);
    }
}
