// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins.file;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.nxvms.platform.api.plugin.PluginRefusedException;
import org.nxvms.platform.api.plugin.PluginRefusedException.Kind;
import org.nxvms.platform.api.plugin.PluginVersion.Conformance;
import org.nxvms.platform.api.plugin.PluginVersion.Signer;
import org.nxvms.plugin.kit.BrokenLawException;
import org.nxvms.plugin.kit.JarContent;
import org.nxvms.plugin.kit.ManifestLaws;
import org.nxvms.plugin.kit.PackageOffers;
import org.nxvms.plugins.store.Staging;
import org.nxvms.plugins.store.Staging.Staged;
import org.nxvms.rest.kit.json.Json;
import org.osgi.framework.Constants;

/**
 * A staged file on its way to become a plugin: a bundle, or a Karaf archive with one bundle in it. What is checked here is
 * the private copy that will be installed; nothing is read twice from where it came.
 */
public final class PluginFile {
    private static final String PERMISSIONS = "OSGI-INF/permissions.perm";
    private static final String CONFORMANCE = JarContent.SCORE;
    private static final String KAR_FOLDER = "repository/";
    private static final int TEXT_BYTES_MAX = 1 << 16;
    private static final int PERMISSIONS_MAX = 100;
    private static final int TEXT_CHARS_MAX = 200;

    private final Staging staging;
    private final PackageOffers offers;

    public PluginFile(Staging staging, PackageOffers offers) {
        this.staging = staging;
        this.offers = offers;
    }

    /**
     * A file that may be installed.
     *
     * @param jar the bundle, staged
     * @param signer who signed it; empty when nobody did and that was allowed
     */
    public record Checked(Staged jar, PluginFacts facts, Optional<Signer> signer) {}

    /** @param trusted SHA-256 of the pinned certificates */
    public Checked check(Staged file, Set<String> trusted, boolean allowUnsigned)
            throws PluginRefusedException, IOException {
        Set<String> entries = ZipCheck.check(file.path());
        Optional<Signer> signer = JarSignatures.verify(file.path(), trusted);
        boolean kar = entries.stream().anyMatch(name -> name.startsWith(KAR_FOLDER));
        if (!kar || manifestOf(file.path()).isPresent()) {
            return bundle(file, entries, signer, allowUnsigned);
        }
        Staged jar = unpacked(file, entries);
        try {
            Set<String> within = ZipCheck.check(jar.path());
            // The archive's signature covers all that is in it; without one the bundle's own counts.
            Optional<Signer> its = signer.isPresent() ? signer : JarSignatures.verify(jar.path(), trusted);
            return bundle(jar, within, its, allowUnsigned);
        } catch (PluginRefusedException | IOException | RuntimeException refused) {
            staging.discard(jar);
            throw refused;
        }
    }

    private Checked bundle(Staged jar, Set<String> entries, Optional<Signer> signer, boolean allowUnsigned)
            throws PluginRefusedException, IOException {
        if (signer.isEmpty() && !allowUnsigned) {
            throw new PluginRefusedException(
                    Kind.SIGNATURE,
                    "signature",
                    "Nobody signed the file. Ask its vendor for a signed one, or allow unsigned files for this once"
                            + " (--allow-unsigned, \"allowUnsigned\") if you know where it comes from.");
        }
        Attributes manifest = manifestOf(jar.path())
                .orElseThrow(() -> new PluginRefusedException(
                        Kind.FILE,
                        "file",
                        "The file is no plugin: its manifest names no bundle (Bundle-SymbolicName). Give a bundle's JAR,"
                                + " or a KAR with one."));
        return new Checked(jar, facts(jar.path(), manifest, entries), signer);
    }

    /** {@return the manifest of a bundle; empty when it is none} */
    private static Optional<Attributes> manifestOf(Path jar) throws PluginRefusedException {
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            ZipEntry entry = zip.getEntry(JarFile.MANIFEST_NAME);
            if (entry == null) {
                return Optional.empty();
            }
            try (InputStream in = zip.getInputStream(entry)) {
                return Optional.of(new Manifest(in).getMainAttributes())
                        .filter(main -> main.getValue(Constants.BUNDLE_SYMBOLICNAME) != null);
            }
        } catch (IOException | IllegalArgumentException malformed) {
            throw new PluginRefusedException(
                    Kind.FILE,
                    JarFile.MANIFEST_NAME,
                    "The manifest cannot be read (" + printable(String.valueOf(malformed.getMessage()))
                            + "): build the file anew.");
        }
    }

    private Staged unpacked(Staged kar, Set<String> entries) throws PluginRefusedException, IOException {
        List<String> jars = entries.stream()
                .filter(name -> name.startsWith(KAR_FOLDER) && name.endsWith(".jar"))
                .sorted()
                .toList();
        if (jars.size() != 1) {
            throw new PluginRefusedException(
                    Kind.FILE,
                    "file",
                    "The KAR holds " + jars.size()
                            + " JARs, and a plugin is one: embed libraries into the plugin's JAR.");
        }
        try (ZipFile zip = new ZipFile(kar.path().toFile());
                InputStream in = zip.getInputStream(zip.getEntry(jars.get(0)))) {
            return staging.take(in);
        }
    }

    private PluginFacts facts(Path jar, Attributes manifest, Set<String> entries)
            throws PluginRefusedException, IOException {
        ManifestLaws.Identity identity = lawful(manifest, entries);
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            return new PluginFacts(
                    identity.name(),
                    identity.version().toString(),
                    text(manifest, Constants.BUNDLE_NAME).orElse(identity.name()),
                    text(manifest, Constants.BUNDLE_VENDOR).orElse(""),
                    text(manifest, "Bundle-License").orElse(""),
                    permissions(read(zip, PERMISSIONS)),
                    conformance(jar, read(zip, CONFORMANCE)));
        }
    }

    private ManifestLaws.Identity lawful(Attributes manifest, Set<String> entries) throws PluginRefusedException {
        try {
            return new ManifestLaws(offers).check(manifest, entries);
        } catch (BrokenLawException broken) {
            throw new PluginRefusedException(Kind.MANIFEST, broken.header(), broken.getMessage());
        }
    }

    private static Optional<String> text(Attributes manifest, String header) {
        return Optional.ofNullable(manifest.getValue(header))
                .map(PluginFile::printable)
                .filter(text -> !text.isEmpty());
    }

    private static List<String> permissions(String file) throws PluginRefusedException {
        List<String> lines = file.lines()
                .map(PluginFile::printable)
                .filter(line -> !line.isEmpty() && !line.startsWith("#") && !line.startsWith("//"))
                .toList();
        if (lines.size() > PERMISSIONS_MAX) {
            throw new PluginRefusedException(
                    Kind.FILE,
                    PERMISSIONS,
                    "It asks for " + lines.size() + " permissions, more than anybody reads; " + PERMISSIONS_MAX
                            + " are taken at most.");
        }
        return lines;
    }

    private static Optional<Conformance> conformance(Path jar, String file) throws PluginRefusedException, IOException {
        if (file.isBlank()) {
            return Optional.empty();
        }
        try {
            JsonNode json = Json.mapper().readTree(file);
            Conformance score = new Conformance(
                    printable(json.path("kit").asText("")),
                    json.path("passed").asInt(-1),
                    json.path("failed").asInt(-1),
                    json.path("skipped").asInt(-1));
            if (score.passed() < 0 || score.failed() < 0 || score.skipped() < 0) {
                throw noScore("\"passed\", \"failed\" and \"skipped\" must be whole numbers");
            }
            if (!json.path("content").asText("").equals(JarContent.sha256(jar))) {
                throw noScore("its \"content\" is not that of this file, so another one was tried");
            }
            return Optional.of(score);
        } catch (JsonProcessingException noJson) {
            throw noScore(noJson.getOriginalMessage());
        }
    }

    private static PluginRefusedException noScore(String why) {
        return new PluginRefusedException(
                Kind.FILE,
                CONFORMANCE,
                "The conformance score in " + CONFORMANCE + " cannot be read (" + printable(why)
                        + "): let the conformance kit write it, or leave it out.");
    }

    private static String read(ZipFile zip, String name) throws IOException, PluginRefusedException {
        ZipEntry entry = zip.getEntry(name);
        if (entry == null) {
            return "";
        }
        try (InputStream in = zip.getInputStream(entry)) {
            byte[] bytes = in.readNBytes(TEXT_BYTES_MAX + 1);
            if (bytes.length > TEXT_BYTES_MAX) {
                throw new PluginRefusedException(
                        Kind.FILE, name, "The entry " + name + " is larger than " + TEXT_BYTES_MAX + " bytes.");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    private static String printable(String text) {
        StringBuilder clean = new StringBuilder();
        text.strip()
                .codePoints()
                .limit(TEXT_CHARS_MAX)
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .forEach(clean::appendCodePoint);
        return clean.toString();
    }
}
