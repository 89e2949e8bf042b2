// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.plugin.kit.PackageOffers.Offer;
import org.nxvms.plugins.file.PluginFile;
import org.nxvms.plugins.store.Staging;
import org.osgi.framework.Version;

/** What is not taken, and which header or entry is to blame. */
class GateTest {
    private static final int BYTES_MAX = 4 << 20;

    @TempDir
    private Path folder;

    private PluginFile.Checked check(byte[] file) throws Exception {
        Staging staging = new Staging(folder, () -> BYTES_MAX);
        PluginFile files = new PluginFile(staging, name -> switch (name) {
            case "org.nxvms.driver.spi" -> List.of(new Offer(new Version("1.1.0"), false));
            case "org.nxvms.media", "org.osgi.framework", "org.slf4j" ->
                List.of(new Offer(new Version("1.10.0"), false));
            case "javax.net.ssl" -> List.of(new Offer(Version.emptyVersion, true));
            case "javax.ws.rs" -> List.of(new Offer(new Version("2.1"), false));
            default -> List.of();
        });
        return files.check(staging.take(new ByteArrayInputStream(file)), Set.of(), true);
    }

    private void assertRefused(byte[] file, Kind kind, String field, String words) {
        assertThatThrownBy(() -> check(file)).isInstanceOfSatisfying(PluginRefusedException.class, refused -> {
            assertThat(refused).hasMessageContaining(words);
            assertThat(refused.kind()).isEqualTo(kind);
            assertThat(refused.field()).isEqualTo(field);
            assertThat(refused.getMessage()).as("a sentence").endsWith(".");
        });
    }

    @Test
    void aDriverThatKeepsTheLawsIsTaken() throws Exception {
        PluginFile.Checked checked = check(PluginJar.sample("1.2.3.beta")
                .header(
                        "Import-Package",
                        "org.nxvms.driver.spi;version=\"[1.1,2)\",org.slf4j;version=\"[1.7,2)\",javax.net.ssl,java.net")
                .header(
                        "Require-Capability",
                        "osgi.ee;filter:=\"(osgi.ee=JavaSE)\",osgi.service;filter:=\"(objectClass=x)\";effective:=active;"
                                + "resolution:=optional")
                .header(
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"org.nxvms.driver.spi.CameraDriver\"")
                .bytes());
        assertThat(checked.facts().name()).isEqualTo(PluginJar.NAME);
        assertThat(checked.facts().version()).isEqualTo("1.2.3.beta");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Export-Package|org.example.api|Export-Package|depend on it",
                "Fragment-Host|org.nxvms.cameras|Fragment-Host|a part of another bundle",
                "fragment-host|org.nxvms.cameras|Fragment-Host|a part of another bundle",
                "DynamicImport-Package|*|DynamicImport-Package|whatever comes later",
                "Require-Bundle|org.nxvms.cameras|Require-Bundle|tie it to one bundle",
                "Bundle-NativeCode|lib/x.so;osname=Linux|Bundle-NativeCode|native code",
                "Provide-Capability|osgi.extender;osgi.extender=x|Provide-Capability|osgi.extender",
                "Require-Capability|org.x;resolution:=optional|Require-Capability|as an option",
                "Import-Package|org.slf4j;resolution:=optional|Import-Package|as an option",
                "Import-Package|org.slf4j;resolution:=dynamic|Import-Package|as an option",
                "Import-Package|org.nxvms.driver.spi;version=1.0|Import-Package|without a version range",
                "Import-Package|org.nxvms.driver.spi|Import-Package|without a version range",
                "Import-Package|org.nxvms.driver.spi;version='[2.0,3)'|Import-Package|has version 1.1.0",
                "Import-Package|org.nxvms.driver.spi;version='[x,3)'|Import-Package|no range",
                "Import-Package|org.nxvms.analytics.spi;version='[1.0,2)'|Import-Package|does not have it",
                "Import-Package|org.nxvms.platform.api.security;version='[1.0,2)'|Import-Package|none of the server's contracts",
                "Import-Package|com.google.gson|Import-Package|Embed the library",
                "Import-Package|javax.ws.rs|Import-Package|has version 2.1.0",
                "Import-Package|org.slf4j;version='[1.7|Import-Package|",
                "Bundle-SymbolicName|org.example.x;singleton:=true|Bundle-SymbolicName|singleton",
                "Bundle-SymbolicName|driver|Bundle-SymbolicName|two to ten words",
                "Bundle-SymbolicName|org.example/../x|Bundle-SymbolicName|two to ten words",
                "Bundle-Version|one|Bundle-Version|is no version",
                "Bundle-Version||Bundle-Version|no Bundle-Version",
                "Bundle-ManifestVersion||Bundle-ManifestVersion|no OSGi bundle",
            })
    void whatBreaksALawIsRefused(String header, String value, String field, String words) {
        String text = value == null ? null : value.replace('\'', '"');
        assertRefused(
                PluginJar.sample("1.0.0").header(header, text).bytes(),
                Kind.MANIFEST,
                field,
                words == null ? "" : words);
    }

    @Test
    void aSecondManifestForNewerJavaIsRefused() {
        assertRefused(
                PluginJar.sample("1.0.0")
                        .header("Multi-Release", "true")
                        .entry("META-INF/versions/17/OSGI-INF/MANIFEST.MF", "Import-Package: org.apache.karaf.main\n")
                        .bytes(),
                Kind.MANIFEST,
                "Multi-Release",
                "second manifest");
    }

    @Test
    void whatIsNoPluginIsRefused() throws Exception {
        assertRefused("hello".getBytes(StandardCharsets.UTF_8), Kind.FILE, "file", "cannot be read as a JAR");
        assertRefused(new byte[0], Kind.FILE, "file", "cannot be read as a JAR");
        assertRefused(zip("readme.txt"), Kind.FILE, "file", "names no bundle");
        assertRefused(PluginJar.sample("1.0.0").entry("../etc/x", "x").bytes(), Kind.FILE, "file", "leads elsewhere");
        assertRefused(PluginJar.sample("1.0.0").entry("/etc/x", "x").bytes(), Kind.FILE, "file", "leads elsewhere");
        assertRefused(
                PluginJar.sample("1.0.0")
                        .entry("META-INF/nxvms/conformance.json", "{\"passed\":\"all\"}")
                        .bytes(),
                Kind.FILE,
                "META-INF/nxvms/conformance.json",
                "whole numbers");
        assertRefused(
                PluginJar.sample("1.0.0")
                        .entry("OSGI-INF/permissions.perm", "(x)\n".repeat(101))
                        .bytes(),
                Kind.FILE,
                "OSGI-INF/permissions.perm",
                "more than anybody reads");
    }

    @Test
    void aScoreIsThatOfThisVeryFile() throws Exception {
        PluginJar tried = PluginJar.sample("1.0.0").scored();
        assertThat(check(tried.bytes()).facts().conformance())
                .hasValueSatisfying(score -> assertThat(score.passed()).isEqualTo(61));
        assertRefused(
                tried.entry("org/example/More.class", "more").bytes(),
                Kind.FILE,
                "META-INF/nxvms/conformance.json",
                "another one was tried");
        assertRefused(
                PluginJar.sample("1.0.0")
                        .scored()
                        .header("Bundle-Version", "1.0.1")
                        .bytes(),
                Kind.FILE,
                "META-INF/nxvms/conformance.json",
                "another one was tried");
    }

    @Test
    void aBombIsRefusedBeforeItUnpacks() {
        byte[] zeros = new byte[64 << 20];
        PluginJar bomb = PluginJar.sample("1.0.0");
        for (int i = 0; i < 9; i++) {
            bomb.entry("zeros" + i, zeros);
        }
        byte[] file = bomb.bytes();
        assertThat(file.length).isLessThan(BYTES_MAX);
        assertRefused(file, Kind.FILE, "file", "unpacks to more than");
    }

    @Test
    void signaturesThatWouldFillTheHeapAreRefused() {
        byte[] zeros = new byte[1 << 20];
        PluginJar jar = PluginJar.sample("1.0.0");
        for (int i = 0; i < 9; i++) {
            jar.entry("meta-inf/A" + i + ".SF", i < 8 ? zeros : new byte[1]);
        }
        assertRefused(jar.bytes(), Kind.FILE, "file", "more in META-INF/");
        PluginJar many = PluginJar.sample("1.0.0");
        for (int i = 0; i < 9; i++) {
            many.entry("META-INF/A" + i + ".SF", "x");
        }
        assertRefused(many.bytes(), Kind.FILE, "file", "8 signatures");
    }

    @Test
    void whatARefusedKarHeldIsNotKept() {
        byte[] kar = PluginJar.kar(PluginJar.sample("1.0.0")
                .header("Export-Package", "org.example")
                .bytes());
        assertRefused(kar, Kind.MANIFEST, "Export-Package", "depend on it");
        assertThat(folder.resolve("staging").toFile().list())
                .as("the KAR itself is the caller's")
                .hasSize(1);
    }

    @Test
    void tooManyEntriesAreRefused() throws Exception {
        String[] names = new String[20_001];
        Arrays.setAll(names, i -> "e" + i);
        assertRefused(zip(names), Kind.FILE, "file", "20001 entries");
    }

    @Test
    void anEntryThatStandsTwiceOrIsListedOtherwiseIsRefused() {
        byte[] jar = PluginJar.sample("1.0.0")
                .entry("aaaa.txt", "one")
                .entry("bbbb.txt", "two")
                .bytes();
        assertRefused(replaced(jar, "bbbb.txt", "aaaa.txt", 2), Kind.FILE, "file", "twice");
        // The central directory names another entry than the one that is there.
        assertRefused(replacedLast(jar, "bbbb.txt", "cccc.txt"), Kind.FILE, "file", "otherwise than it holds it");
        byte[] prefixed = new byte[jar.length + 10];
        System.arraycopy(jar, 0, prefixed, 10, jar.length);
        assertRefused(prefixed, Kind.FILE, "file", "");
    }

    @Test
    void anEntryThatOnlyTheCentralDirectoryKnowsIsRefused() {
        byte[] jar = PluginJar.sample("1.0.0").entry("zzzz.txt", "x").bytes();
        int local = find(jar, "zzzz.txt") - 30;
        assertThat(ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN).getInt(local))
                .isEqualTo(0x04034b50);
        jar[local] = 0;
        assertRefused(jar, Kind.FILE, "file", "");
    }

    private static byte[] zip(String... names) throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(out)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.closeEntry();
            }
        }
        return out.toByteArray();
    }

    private static byte[] replaced(byte[] jar, String from, String to, int times) {
        byte[] changed = jar.clone();
        for (int i = 0; i < times; i++) {
            byte[] name = to.getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(name, 0, changed, find(changed, from), name.length);
        }
        return changed;
    }

    private static byte[] replacedLast(byte[] jar, String from, String to) {
        byte[] changed = jar.clone();
        byte[] name = to.getBytes(StandardCharsets.US_ASCII);
        int first = find(changed, from);
        int second = first + 1 + find(Arrays.copyOfRange(changed, first + 1, changed.length), from);
        System.arraycopy(name, 0, changed, second, name.length);
        return changed;
    }

    private static int find(byte[] in, String text) {
        String all = new String(in, StandardCharsets.ISO_8859_1);
        int at = all.indexOf(text);
        assertThat(at).isNotNegative();
        return at;
    }
}
