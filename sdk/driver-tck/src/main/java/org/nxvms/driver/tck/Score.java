// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.nxvms.driver.tck.Outcome.Result;
import org.nxvms.plugin.kit.JarContent;

/**
 * What the kit found, as it lies in the jar that it tried: installers show it. It names the content that was tried, so it
 * counts for this jar only; who signs the jar signs it.
 *
 * @param devices what the driver was tried on
 * @param content of the jar, see {@link JarContent}
 */
public record Score(String devices, boolean full, String content, List<Outcome> outcomes) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    /** Of entries that are added; the time of a run would make equal sources give other jars. */
    private static final long EPOCH_OF_ZIP_MS = 315_532_800_000L;

    public Score {
        outcomes = List.copyOf(outcomes);
    }

    public static Score of(Path jar, String devices, boolean full, List<Outcome> outcomes) throws IOException {
        return new Score(devices, full, JarContent.sha256(jar), outcomes);
    }

    public long count(Result result) {
        return outcomes.stream().filter(outcome -> outcome.result() == result).count();
    }

    /** {@return the score as a file} */
    public byte[] json() throws IOException {
        ObjectNode root = JSON.createObjectNode();
        root.put("kit", ConformanceKit.VERSION)
                .put("passed", count(Result.PASSED))
                .put("failed", count(Result.FAILED))
                .put("skipped", count(Result.SKIPPED))
                .put("devices", devices)
                .put("full", full)
                .put("content", content);
        for (Result result : List.of(Result.FAILED, Result.SKIPPED)) {
            ArrayNode rules = root.putArray(result.name().toLowerCase(java.util.Locale.ROOT) + "Rules");
            outcomes.stream()
                    .filter(outcome -> outcome.result() == result)
                    .forEach(outcome -> rules.add(outcome.rule().id()));
        }
        return JSON.writeValueAsBytes(root);
    }

    /**
     * Puts the score into the jar, in place of an older one. A signature that the jar has does not cover it: sign it after.
     *
     * @throws IOException when that cannot be done, or the jar is another one than was tried
     */
    public void putInto(Path jar) throws IOException {
        if (!JarContent.sha256(jar).equals(content)) {
            throw new IOException(jar + " has changed since it was tried; try it again");
        }
        Path scored = Files.createTempFile(jar.toAbsolutePath().getParent(), "scored", ".jar");
        try (ZipFile from = new ZipFile(jar.toFile());
                OutputStream file = Files.newOutputStream(scored);
                ZipOutputStream to = new ZipOutputStream(file)) {
            for (ZipEntry entry : Collections.list(from.entries())) {
                if (!entry.getName().equals(JarContent.SCORE)) {
                    ZipEntry copy = new ZipEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    to.putNextEntry(copy);
                    try (InputStream in = from.getInputStream(entry)) {
                        in.transferTo(to);
                    }
                    to.closeEntry();
                }
            }
            ZipEntry score = new ZipEntry(JarContent.SCORE);
            score.setTime(EPOCH_OF_ZIP_MS);
            to.putNextEntry(score);
            to.write(json());
            to.closeEntry();
        } catch (IOException failed) {
            Files.deleteIfExists(scored);
            throw failed;
        }
        Files.move(scored, jar, StandardCopyOption.REPLACE_EXISTING);
    }
}
