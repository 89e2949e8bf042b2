// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import net.lingala.zip4j.model.ZipParameters;
import net.lingala.zip4j.model.enums.EncryptionMethod;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.export.verify.Fault.Kind;

/** Somebody gives the verifier something that is no package; it is told what that is, and nobody is called a forger. */
class OtherInputTest {
    private static final byte[] README = "NXvms export".getBytes(StandardCharsets.US_ASCII);

    private static Fault onlyFault(byte[] bytes) throws IOException {
        PackageCheck.Report report = PackageCheck.of(new ByteArrayInputStream(bytes), Long.MAX_VALUE, List.of());
        assertThat(report.intact()).isFalse();
        assertThat(report.bytes()).as("who sends it is listened to to its end").isEqualTo(bytes.length);
        assertThat(report.faults()).hasSize(1);
        return report.faults().get(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"N", "NXv", "NXvms export 4711\n\nAuf Deutsch: README.de.txt", "\0\0\0\34ftypiso5", "{}"})
    void anotherFileIsNoZip(String content) throws Exception {
        Fault fault = onlyFault(content.getBytes(StandardCharsets.US_ASCII));
        assertThat(fault.kind()).isEqualTo(Kind.NOT_A_PACKAGE);
        assertThat(fault.detail()).startsWith("It is no ZIP").contains("as it came from the server");
    }

    @Test
    void nothingAtAllIsEmpty() throws Exception {
        Fault fault = onlyFault(new byte[0]);
        assertThat(fault.kind()).isEqualTo(Kind.NOT_A_PACKAGE);
        assertThat(fault.detail()).isEqualTo("It is empty.");
    }

    @Test
    void aZipWithoutFilesIsNoPackage() throws Exception {
        ByteArrayOutputStream empty = new ByteArrayOutputStream();
        new ZipOutputStream(empty).close();
        assertThat(onlyFault(empty.toByteArray()).kind()).isEqualTo(Kind.NOT_A_PACKAGE);
    }

    /** As the server puts it around a package, and as older programs do. */
    @ParameterizedTest
    @EnumSource(names = {"AES", "ZIP_STANDARD"})
    void whatAPasswordLocksIsToBeUnpackedFirst(EncryptionMethod method) throws Exception {
        ByteArrayOutputStream locked = new ByteArrayOutputStream();
        try (var zip = new net.lingala.zip4j.io.outputstream.ZipOutputStream(locked, "secret 4711".toCharArray())) {
            ZipParameters entry = new ZipParameters();
            entry.setFileNameInZip("nxvms-export.zip");
            entry.setEncryptFiles(true);
            entry.setEncryptionMethod(method);
            zip.putNextEntry(entry);
            zip.write(README);
            zip.closeEntry();
        }
        Fault fault = onlyFault(locked.toByteArray());
        assertThat(fault.kind()).isEqualTo(Kind.LOCKED);
        assertThat(fault.detail()).contains("password", "Unpack it first");
    }

    /** Compressed, and stored as ours are. */
    @ParameterizedTest
    @ValueSource(ints = {ZipEntry.DEFLATED, ZipEntry.STORED})
    void whatAnotherProgramPackedIsSaidToBeThat(int method) throws Exception {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.setLevel(Deflater.BEST_SPEED);
            CRC32 sum = new CRC32();
            sum.update(README);
            for (String name : List.of("README.txt", "manifest.json")) {
                ZipEntry entry = new ZipEntry(name);
                entry.setMethod(method);
                entry.setSize(README.length);
                entry.setCrc(sum.getValue());
                zip.putNextEntry(entry);
                zip.write(README);
            }
        }
        Fault fault = onlyFault(packed.toByteArray());
        assertThat(fault.kind()).isEqualTo(Kind.REPACKED);
        assertThat(fault.detail()).contains("another program packed", "README.txt", "as it came from the server");
        Fault half = onlyFault(Arrays.copyOf(packed.toByteArray(), packed.size() / 2));
        assertThat(half.kind()).isEqualTo(Kind.REPACKED);
    }
}
