// SPDX-License-Identifier: Apache-2.0
package org.nxvms.storage.file;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.nxvms.platform.api.NoSuchResourceException;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.FootageEncryption;
import org.nxvms.platform.api.archive.VolumeAdmin;
import org.nxvms.platform.api.archive.VolumeSettings;
import org.nxvms.storage.spi.Volume;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Volumes as administrators configure them: one file {@code etc/org.nxvms.storage.file-NAME.cfg} each, written whole or not
 * at all. The framework notices the file and makes, changes or ends the {@link FileVolume}. What people wrote into such a
 * file stays: only the lines that change are changed.
 */
@Component(service = VolumeAdmin.class)
public final class VolumeFiles implements VolumeAdmin {
    private static final String PREFIX = "org.nxvms.storage.file-";
    private static final String SUFFIX = ".cfg";
    private static final String RETIRED = "retired";
    private static final String ENCRYPTION = "encryption";
    private static final String ROLE = "role";
    private static final int FILE_BYTES_MAX = 1 << 16;

    private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([A-Za-z0-9_.:-]{1,100})}");
    private static final Logger LOG = LoggerFactory.getLogger(VolumeFiles.class);

    private final Path folder;
    /** Where {@link VolumeCheck} remembers which volume belongs to a name. */
    private final Path memory;

    private final UnaryOperator<String> property;
    /** What was said of each file. */
    private final Map<Path, String> told = new HashMap<>();

    @Activate
    public VolumeFiles(@Reference ServerIdentity server, BundleContext context) {
        this(Path.of(context.getProperty("karaf.etc")), server.dataFolder().resolve("volumes"), context::getProperty);
    }

    /** @param property the framework's properties, null where there is none */
    VolumeFiles(Path folder, Path memory, UnaryOperator<String> property) {
        this.folder = folder;
        this.memory = memory;
        this.property = property;
    }

    @Override
    public synchronized Map<String, VolumeSettings.Limits> volumes() {
        Map<String, VolumeSettings.Limits> all = new TreeMap<>();
        files().forEach((name, file) -> {
            try {
                all.put(name, limits(file));
            } catch (IllegalStateException writtenByHand) {
                tellOnce(file, writtenByHand.getMessage());
            }
        });
        return all;
    }

    @Override
    public synchronized Map<String, String> folders() {
        Map<String, String> all = new TreeMap<>();
        files().forEach((name, file) -> {
            String path = placeholders(properties(file).getProperty("path", "").strip());
            if (!path.isEmpty()) {
                all.put(name, path);
            }
        });
        return all;
    }

    /** As the framework fills them in: from the environment, or from its own properties. */
    private String placeholders(String value) {
        return PLACEHOLDER.matcher(value).replaceAll(found -> {
            String key = found.group(1);
            String known = key.startsWith("env:") ? System.getenv(key.substring(4)) : property.apply(key);
            return Matcher.quoteReplacement(known == null ? found.group() : known);
        });
    }

    @Override
    public synchronized void add(VolumeSettings settings) {
        Path file = folder.resolve(PREFIX + settings.name() + SUFFIX);
        if (files().containsKey(settings.name()) || Files.exists(file)) {
            throw new IllegalStateException("there is a volume " + settings.name() + " already; choose another name");
        }
        Map<String, String> values = new LinkedHashMap<>();
        values.put(Volume.PROPERTY_NAME, settings.name());
        values.put("path", settings.path());
        values.put("create", String.valueOf(settings.create()));
        values.put(
                ROLE, settings.role() == VolumeSettings.Role.BACKUP ? FileVolume.ROLE_BACKUP : FileVolume.ROLE_RECORD);
        values.putAll(values(settings.limits()));
        List<String> lines = new ArrayList<>(List.of("# Added by the server's REST API."));
        values.forEach((key, value) -> lines.add(key + " = " + value));
        write(file, lines);
    }

    @Override
    public synchronized void change(String name, VolumeSettings.Limits limits) {
        change(existing(name), values(limits));
    }

    private static void change(Path file, Map<String, String> values) {
        List<String> lines = new ArrayList<>();
        for (String line : text(file).split("\\R")) {
            String key = line.split("[=:\\s]", 2)[0].strip();
            String value = values.remove(key);
            lines.add(value == null ? line : key + " = " + value);
        }
        values.forEach((key, value) -> lines.add(key + " = " + value));
        write(file, lines);
    }

    @Override
    public synchronized Set<String> retired() {
        return having(RETIRED, "true");
    }

    @Override
    public synchronized Optional<UUID> identity(String name) {
        Path remembered = memory.resolve(name + ".id");
        if (!files().containsKey(name) || !FileVolume.NAME.matcher(name).matches() || !Files.exists(remembered)) {
            return Optional.empty();
        }
        try {
            return Optional.of(UUID.fromString(text(remembered).strip()));
        } catch (IllegalArgumentException | UncheckedIOException spoilt) {
            throw new IllegalStateException(
                    "which footage is on volume " + name + " is not known, since " + remembered
                            + " cannot be read; mount its disk, and restart the server, which writes the file again",
                    spoilt);
        }
    }

    @Override
    public synchronized Set<String> backups() {
        return having(ROLE, FileVolume.ROLE_BACKUP);
    }

    private Set<String> having(String key, String value) {
        Set<String> names = new TreeSet<>();
        files().forEach((name, file) -> {
            if (properties(file).getProperty(key, "").strip().equalsIgnoreCase(value)) {
                names.add(name);
            }
        });
        return names;
    }

    @Override
    public synchronized void retire(String name, boolean retired) {
        Path file = existing(name);
        Set<String> others = new TreeSet<>(files().keySet());
        others.removeAll(retired());
        others.removeAll(backups());
        others.remove(name);
        if (retired && backups().contains(name)) {
            throw new IllegalStateException(
                    "volume " + name + " holds copies only, and those need not be moved; remove it"
                            + " when they are not wanted any more");
        }
        if (retired && others.isEmpty()) {
            throw new IllegalStateException("volume " + name
                    + " is the only one that takes footage, and it could go nowhere; add another first");
        }
        if (retired != retired().contains(name)) {
            change(file, new LinkedHashMap<>(Map.of(RETIRED, String.valueOf(retired))));
        }
    }

    @Override
    public synchronized void remove(String name) {
        Path file = existing(name);
        Set<String> others = new TreeSet<>(files().keySet());
        others.removeAll(backups());
        others.remove(name);
        if (others.isEmpty()) {
            throw new IllegalStateException("volume " + name
                    + " is the only one that takes footage, and nothing could be recorded; add another first");
        }
        try {
            Files.delete(file);
            // The name is free: another disk may have it, which would be taken for a stranger else.
            if (FileVolume.NAME.matcher(name).matches()) {
                Files.deleteIfExists(memory.resolve(name + ".id"));
            }
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot remove " + file + ": " + failed.getMessage(), failed);
        }
    }

    private Path existing(String name) {
        return Optional.ofNullable(files().get(name))
                .orElseThrow(() -> new NoSuchResourceException("There is no volume " + name));
    }

    /** {@return the files by the name of their volume} */
    private Map<String, Path> files() {
        Map<String, Path> files = new TreeMap<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, PREFIX + "*" + SUFFIX)) {
            for (Path file : all) {
                name(file).ifPresent(name -> files.put(name, file));
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + folder + ": " + unreadable.getMessage(), unreadable);
        }
        return files;
    }

    /** One file that cannot be read takes no other with it. */
    private Optional<String> name(Path file) {
        try {
            String name = properties(file).getProperty(Volume.PROPERTY_NAME, "").strip();
            return Optional.of(name).filter(some -> !some.isEmpty());
        } catch (UncheckedIOException | IllegalArgumentException unreadable) {
            tellOnce(file, "cannot read " + file + ": " + unreadable.getMessage());
            return Optional.empty();
        }
    }

    private void tellOnce(Path file, String what) {
        if (!what.equals(told.put(file, what))) {
            LOG.warn("{}; correct the file, the other volumes are not touched", what);
        }
    }

    private static String text(Path file) {
        try {
            if (Files.size(file) > FILE_BYTES_MAX) {
                throw new IOException("larger than " + FILE_BYTES_MAX + " bytes");
            }
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new UncheckedIOException("cannot read " + file + ": " + unreadable.getMessage(), unreadable);
        }
    }

    private static Properties properties(Path file) {
        Properties properties = new Properties();
        try {
            properties.load(new StringReader(text(file)));
        } catch (IOException impossibleInMemory) {
            throw new UncheckedIOException(impossibleInMemory);
        }
        return properties;
    }

    private static VolumeSettings.Limits limits(Path file) {
        Properties properties = properties(file);
        VolumeSettings.Limits usual = VolumeSettings.Limits.DEFAULT;
        try {
            return new VolumeSettings.Limits(
                    number(properties, "reserveBytes", usual.reserveBytes()),
                    (int) number(properties, "reservePercent", usual.reservePercent()),
                    number(properties, "quotaBytes", usual.quotaBytes()),
                    (int) number(properties, "weight", usual.weight()),
                    FootageEncryption.of(properties
                            .getProperty(ENCRYPTION, FootageEncryption.NONE.id())
                            .strip()),
                    (int) number(properties, "retentionDaysMin", usual.retentionDaysMin()),
                    (int) number(properties, "retentionDaysMax", usual.retentionDaysMax()));
        } catch (IllegalArgumentException writtenByHand) {
            throw new IllegalStateException(file + ": " + words(writtenByHand), writtenByHand);
        }
    }

    private static String words(IllegalArgumentException wrong) {
        return wrong instanceof NumberFormatException
                ? "a limit is not a number: " + wrong.getMessage()
                : wrong.getMessage();
    }

    private static long number(Properties properties, String key, long usual) {
        String text = properties.getProperty(key);
        return text == null ? usual : Long.parseLong(text.strip());
    }

    private static Map<String, String> values(VolumeSettings.Limits limits) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("reserveBytes", String.valueOf(limits.reserveBytes()));
        values.put("reservePercent", String.valueOf(limits.reservePercent()));
        values.put("quotaBytes", String.valueOf(limits.quotaBytes()));
        values.put("weight", String.valueOf(limits.weight()));
        values.put(ENCRYPTION, limits.encryption().id());
        values.put("retentionDaysMin", String.valueOf(limits.retentionDaysMin()));
        values.put("retentionDaysMax", String.valueOf(limits.retentionDaysMax()));
        return values;
    }

    private static void write(Path file, List<String> lines) {
        try {
            VolumeIdentity.writeAtomically(file, String.join("\n", lines) + "\n");
        } catch (IOException failed) {
            throw new UncheckedIOException("cannot write " + file + ": " + failed.getMessage(), failed);
        }
    }
}
