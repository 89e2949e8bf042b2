// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.identity;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.rest.kit.json.Json;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The identity kept in {@code server.json} of the data folder. Without it nothing else may start, so it
 * is read while activating: one small local file. An unreadable one is never replaced: footage and rows
 * carry its id.
 */
@Component(service = ServerIdentity.class, configurationPid = "org.nxvms.server")
@Designate(ocd = FileServerIdentity.Config.class)
public final class FileServerIdentity implements ServerIdentity {
    private static final Logger LOG = LoggerFactory.getLogger(FileServerIdentity.class);
    private static final String FILE = "server.json";

    /** Settings in {@code etc/org.nxvms.server.cfg}. */
    @ObjectClassDefinition(name = "NXvms server")
    public @interface Config {
        @AttributeDefinition(description = "Name shown to people; empty: the host's name")
        String name() default "";
    }

    private final Path dataFolder;
    private final UUID serverId;
    private volatile String name;

    @Activate
    public FileServerIdentity(Config config) throws IOException {
        this(findDataFolder(), config.name());
    }

    FileServerIdentity(Path dataFolder, String name) throws IOException {
        this.dataFolder = dataFolder;
        this.serverId = readOrCreate(dataFolder.resolve(FILE));
        this.name = nameOrHost(name);
    }

    @Modified
    void configure(Config config) {
        name = nameOrHost(config.name());
    }

    @Override
    public UUID serverId() {
        return serverId;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Path dataFolder() {
        return dataFolder;
    }

    private static Path findDataFolder() {
        String folder = Optional.ofNullable(System.getProperty("nxvms.data"))
                .or(() -> Optional.ofNullable(System.getenv("NXVMS_DATA")))
                .filter(text -> !text.isBlank())
                .orElseThrow(() -> new IllegalStateException(
                        "NXVMS_DATA is not set: set it to the data folder (the start script does)."));
        return Path.of(folder).toAbsolutePath().normalize();
    }

    private static UUID readOrCreate(Path file) throws IOException {
        if (!Files.exists(file)) {
            UUID id = UUID.randomUUID();
            ObjectNode json = Json.mapper().createObjectNode();
            json.put("serverId", id.toString());
            json.put("created", Instant.now().toString());
            SafeFile.write(file, Json.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(json));
            LOG.info("This is server {}, noted in {}", id, file);
            return id;
        }
        try {
            JsonNode json = Json.mapper().readTree(Files.readAllBytes(file));
            return UUID.fromString(json.path("serverId").asText());
        } catch (IOException | IllegalArgumentException e) {
            throw new IOException(
                    file + " cannot be read, so this server does not know who it is and does not start. Put the file"
                            + " back from a backup; remove it only if no footage or database row of this server matters.",
                    e);
        }
    }

    private static String nameOrHost(String name) {
        if (!name.isBlank()) {
            return name.strip();
        }
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("The host has no name", e);
            return "nxvms";
        }
    }
}
