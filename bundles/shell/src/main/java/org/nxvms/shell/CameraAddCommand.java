// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.ProbeReport;
import org.nxvms.platform.api.camera.RecordingSettings;

/** {@code nxvms:camera-add}. */
@Service
@Command(
        scope = "nxvms",
        name = "camera-add",
        description = "Adds a camera and starts to record it. The password of --user is asked for, or read from"
                + " --password-file; it is never an argument.")
public final class CameraAddCommand extends ServerCommand {
    @Argument(name = "name", description = "Name of the camera, e.g. \"Gate north\"", required = true)
    String name;

    @Argument(index = 1, name = "url", description = "Where it is, e.g. rtsp://192.0.2.10:554/stream1", required = true)
    String url;

    @Option(name = "--user", description = "User name at the camera", valueToShowInHelp = "none")
    String user;

    @Option(
            name = "--password-file",
            description = "File whose first line is the password; - reads standard input",
            valueToShowInHelp = "asked for when --user is given")
    String passwordFile;

    @Option(name = "--driver", description = "Id of the driver, see nxvms:drivers")
    @Completion(DriverCompleter.class)
    String driver = "rtsp";

    @Option(name = "--sub-url", description = "Address of the sub stream", valueToShowInHelp = "none")
    String subUrl;

    @Option(name = "--group", description = "Group of the camera", valueToShowInHelp = "none")
    String group;

    @Option(
            name = "--setting",
            description = "Setting of the driver as name=value, may be repeated",
            multiValued = true)
    List<String> settings = List.of();

    @Option(name = "--retention-days", description = "Footage older than this is deleted, 1..3650")
    int retentionDays = RecordingSettings.DEFAULT.retentionDaysMax();

    @Option(name = "--test", description = "Try it first, and add it only when every stream shows a picture")
    boolean test;

    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        if (passwordFile != null && user == null) {
            throw new CommandException("--password-file needs --user.");
        }
        CameraDraft draft = new CameraDraft(
                name,
                driver,
                uri("url", url),
                subUrl == null ? Optional.empty() : Optional.of(uri("--sub-url", subUrl)),
                Optional.ofNullable(user),
                user == null
                        ? Optional.empty()
                        : Optional.of(PasswordInput.read(session, passwordFile, "Password of the camera: ")),
                true,
                Optional.ofNullable(group),
                settings(),
                new RecordingSettings(
                        RecordingSettings.DEFAULT.mode(), RecordingSettings.DEFAULT.streams(), retentionDays));
        if (test) {
            for (ProbeReport.Stream stream :
                    registry.probe(draft, Optional.empty()).streams()) {
                out().println("The " + stream.role().id() + " stream works: "
                        + stream.format().codecs() + ", first picture after " + stream.firstKeyFrameMs() + " ms");
            }
        }
        Camera camera = registry.create(draft);
        note(
                services,
                "camera.added",
                "camera/" + camera.id(),
                Map.of("name", camera.name(), "driver", camera.driver()));
        out().println("Added " + camera.name() + " as " + camera.id());
    }

    private Map<String, String> settings() throws CommandException {
        Map<String, String> map = new HashMap<>();
        for (String setting : settings) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new CommandException("--setting must be name=value, not \"" + setting + "\".");
            }
            map.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return map;
    }

    /** The parser's own message would show a password inside the address. */
    private static URI uri(String field, String text) throws CommandException {
        try {
            return new URI(text);
        } catch (URISyntaxException e) {
            throw new CommandException(field + " is not a URL: " + e.getReason()
                    + (e.getIndex() < 0 ? "" : " at position " + (e.getIndex() + 1)) + ".");
        }
    }
}
