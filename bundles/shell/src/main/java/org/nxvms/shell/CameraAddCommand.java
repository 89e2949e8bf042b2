// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.Option;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.CameraKnownException;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.camera.CameraReport;
import org.nxvms.platform.api.camera.CameraSetup;
import org.nxvms.platform.api.camera.CameraStatus;
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
    private static final String RTSP = "rtsp";
    private static final int LOOK_MS = 100;

    @Argument(name = "name", description = "Name of the camera, e.g. \"Gate north\"", required = true)
    String name;

    @Argument(
            index = 1,
            name = "url",
            description = "Where it is: rtsp://192.0.2.10:554/stream1, or without --driver a host, 192.0.2.10",
            required = true)
    String url;

    @Option(name = "--user", description = "User name at the camera", valueToShowInHelp = "none")
    String user;

    @Option(
            name = "--password-file",
            description = "File whose first line is the password; - reads standard input",
            valueToShowInHelp = "asked for when --user is given")
    String passwordFile;

    @Option(
            name = "--driver",
            description =
                    "Id of the driver, see nxvms:drivers. Left out: rtsp for an address that begins so, else whoever"
                            + " knows the device, which must answer then",
            valueToShowInHelp = "by the address")
    @Completion(DriverCompleter.class)
    String driver;

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

    /** How long a first answer is waited for; most cameras take one second, and nobody likes to wait for one that is off. */
    int answerMs = 4_000;

    @Override
    void run(Services services) throws Exception {
        CameraRegistry registry = services.require(CameraRegistry.class, "The camera registry");
        if (passwordFile != null && user == null) {
            throw new CommandException("--password-file needs --user.");
        }
        if (driver == null && !url.regionMatches(true, 0, RTSP, 0, RTSP.length())) {
            find(services);
            return;
        }
        CameraDraft draft = new CameraDraft(
                name,
                driver == null ? RTSP : driver,
                uri("url", url),
                subUrl == null ? Optional.empty() : Optional.of(uri("--sub-url", subUrl)),
                Optional.ofNullable(user),
                password(),
                true,
                Optional.ofNullable(group),
                settings(),
                recording());
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
        out().flush();
        if (!test) {
            tellHowItFares(registry, camera);
        }
    }

    /** It is there in any case; whoever adds it wants to know whether anything comes of it. */
    private void tellHowItFares(CameraRegistry registry, Camera camera) throws InterruptedException {
        Optional<CameraStatus> status = registry.status(camera.id());
        long begun = System.nanoTime();
        while (status.filter(CameraAddCommand::isDecided).isEmpty()
                && System.nanoTime() - begun < TimeUnit.MILLISECONDS.toNanos(answerMs)) {
            Thread.sleep(LOOK_MS);
            status = registry.status(camera.id());
        }
        CameraStatus.State state = status.map(CameraStatus::state).orElse(CameraStatus.State.CONNECTING);
        String detail = status.map(CameraStatus::detail)
                .filter(text -> !text.isEmpty())
                .map(text -> " " + text)
                .orElse("");
        String onwards = " The server goes on trying. How it fares: nxvms:cameras; what works of it and what not: the"
                + " console's page Cameras, or POST /api/v1/cameras/" + camera.id() + "/report";
        switch (state) {
            case RECORDING -> out().println("It answers and is recorded.");
            case LIVE -> out().println("It answers.");
            case CONNECTING ->
                out().println("It has not answered within " + TimeUnit.MILLISECONDS.toSeconds(answerMs) + " s." + detail
                        + onwards);
            case OFFLINE -> out().println("It does not answer yet." + detail + onwards);
            default ->
                out().println("It is not recorded (" + state.name().toLowerCase(Locale.ROOT) + ")." + detail + onwards);
        }
    }

    private static boolean isDecided(CameraStatus status) {
        return status.state() != CameraStatus.State.CONNECTING;
    }

    /** Asks who is there, as {@code POST /api/v1/cameras/setup} does. */
    private void find(Services services) throws Exception {
        if (subUrl != null || !settings.isEmpty()) {
            throw new CommandException("--sub-url and --setting are a driver's: name it with --driver.");
        }
        CameraSetup setup = services.require(CameraSetup.class, "The setup of cameras");
        CameraSetup.Added added;
        try {
            added = setup.add(new CameraSetup.Order(
                    url,
                    Optional.empty(),
                    Optional.of(name),
                    Optional.ofNullable(user),
                    password(),
                    Optional.ofNullable(group),
                    recording()));
        } catch (CameraKnownException | IllegalStateException known) {
            throw new CommandException(known.getMessage(), known);
        }
        Camera camera = added.camera();
        note(
                services,
                "camera.added",
                "camera/" + camera.id(),
                Map.of("name", camera.name(), "driver", camera.driver()));
        for (CameraReport.Check check : added.report().checks()) {
            if (check.state() == CameraReport.State.LIMITED || check.state() == CameraReport.State.FAILS) {
                out().println(check.name() + ": " + check.seen() + " " + check.advice());
            }
        }
        out().println("Added " + camera.name() + " as " + camera.id() + ", by the driver " + camera.driver());
    }

    private Optional<String> password() throws Exception {
        return user == null
                ? Optional.empty()
                : Optional.of(PasswordInput.read(session, passwordFile, "Password of the camera: "));
    }

    private RecordingSettings recording() {
        return new RecordingSettings(
                RecordingSettings.DEFAULT.mode(), RecordingSettings.DEFAULT.streams(), retentionDays);
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
