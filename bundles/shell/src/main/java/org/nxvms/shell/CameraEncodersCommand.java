// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.driver.spi.EncoderOptions;
import org.nxvms.driver.spi.EncoderSettings;
import org.nxvms.driver.spi.EncoderSettings.Resolution;
import org.nxvms.driver.spi.VideoEncoders;
import org.nxvms.driver.spi.VideoEncoders.Encoder;
import org.nxvms.media.Codec;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:camera-encoders}. */
@Service
@Command(
        scope = "nxvms",
        name = "camera-encoders",
        description = "Shows how a camera encodes its streams and what that can be set to, or sets one encoder:"
                + " frameRate=15 bitrateKbps=3000.")
public final class CameraEncodersCommand extends ServerCommand {
    private static final Pattern RESOLUTION = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Argument(
            index = 1,
            name = "encoder",
            description = "Its token, as the table names it, or the stream that it makes")
    String encoder;

    @Argument(
            index = 2,
            name = "changes",
            description = "NAME=VALUE, as the table of one encoder names them",
            multiValued = true)
    List<String> changes = List.of();

    /** What came of a change: wrong by field, or where the device is otherwise than it should be. */
    private record Outcome(String token, Map<String, String> wrong, List<EncoderSettings.Difference> differences) {}

    @Override
    void run(Services services) throws Exception {
        Camera found = CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera);
        CameraControl control = services.require(CameraControl.class, "The control of cameras");
        if (!changes.isEmpty()) {
            Map<String, String> given = given();
            Outcome outcome = control.ask(found.id(), VideoEncoders.class, encoders -> {
                Encoder before = find(encoders.encoders());
                EncoderSettings wanted = wanted(given, before.settings());
                Map<String, String> wrong = before.problems(wanted);
                return new Outcome(
                        before.token(),
                        wrong,
                        wrong.isEmpty()
                                ? wanted.over(before.settings()).differences(encoders.set(before.token(), wanted))
                                : List.of());
            });
            if (!outcome.wrong().isEmpty()) {
                throw new CommandException(outcome.wrong().entrySet().stream()
                        .map(each -> each.getKey() + " " + each.getValue() + ".")
                        .collect(Collectors.joining(" ")));
            }
            given.put("encoder", outcome.token());
            note(services, "encoder.changed", "camera/" + found.id(), given);
            outcome.differences().forEach(each -> out().println("The camera has " + each.field() + "="
                    + (each.got().isEmpty() ? "-" : each.got()) + " instead of " + each.wanted() + "."));
        }
        List<Encoder> all = List.copyOf(control.ask(found.id(), VideoEncoders.class, VideoEncoders::encoders));
        if (encoder == null) {
            print(all);
        } else {
            print(find(all));
        }
    }

    private Encoder find(List<Encoder> all) {
        return all.stream()
                .filter(each -> each.token().equals(encoder)
                        || each.streams().stream().anyMatch(role -> role.name().equalsIgnoreCase(encoder)))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("The camera has no video encoder '" + encoder
                        + "'; it has " + all.stream().map(Encoder::token).collect(Collectors.joining(", ")) + "."));
    }

    private Map<String, String> given() {
        Map<String, String> given = new TreeMap<>();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException("'" + change + "' is no NAME=VALUE.");
            }
            given.put(change.substring(0, equals), change.substring(equals + 1));
        }
        return given;
    }

    /** {@return what is given; codec and resolution of now where they are not} */
    private static EncoderSettings wanted(Map<String, String> given, EncoderSettings now) {
        Map<String, String> left = new LinkedHashMap<>(given);
        EncoderSettings wanted = new EncoderSettings(
                taken(left, EncoderSettings.CODEC, CameraEncodersCommand::codec).orElse(now.codec()),
                taken(left, EncoderSettings.RESOLUTION, CameraEncodersCommand::resolution)
                        .orElse(now.resolution()),
                taken(left, EncoderSettings.FRAME_RATE, Double::valueOf),
                taken(left, EncoderSettings.BITRATE_KBPS, Integer::valueOf),
                taken(left, EncoderSettings.CONSTANT_BITRATE, CameraEncodersCommand::flag),
                taken(left, EncoderSettings.QUALITY, Double::valueOf),
                taken(left, EncoderSettings.KEY_FRAME_INTERVAL, Integer::valueOf),
                taken(left, EncoderSettings.PROFILE, text -> text));
        if (!left.isEmpty()) {
            throw new IllegalArgumentException(
                    "A video encoder has no " + left.keySet().iterator().next() + ".");
        }
        return wanted;
    }

    private static <T> Optional<T> taken(Map<String, String> left, String name, Function<String, T> read) {
        try {
            return Optional.ofNullable(left.remove(name)).map(read);
        } catch (NumberFormatException none) {
            throw new IllegalArgumentException(name + " is no number that it takes.", none);
        }
    }

    private static Codec codec(String text) {
        return Arrays.stream(Codec.values())
                .filter(codec -> codec.kind() == Codec.Kind.VIDEO
                        && EncoderSettings.word(codec).equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no codec '" + text + "'."));
    }

    private static Resolution resolution(String text) {
        var read = RESOLUTION.matcher(text);
        if (!read.matches()) {
            throw new IllegalArgumentException("resolution must look like 1280x720.");
        }
        return new Resolution(Integer.parseInt(read.group(1)), Integer.parseInt(read.group(2)));
    }

    private static boolean flag(String text) {
        if (!text.equals("true") && !text.equals("false")) {
            throw new IllegalArgumentException("constantBitrate must be true or false.");
        }
        return text.equals("true");
    }

    private static void print(List<Encoder> encoders) {
        ShellTable table = new ShellTable();
        for (String column :
                List.of("Encoder", "Streams", "Codec", "Size", "Pictures/s", "kbit/s", "Key frame every")) {
            table.column(column);
        }
        for (Encoder each : encoders) {
            Map<String, String> values = each.settings().values();
            table.addRow()
                    .addContent(
                            each.token(),
                            each.streams().stream()
                                    .sorted()
                                    .map(role -> role.name().toLowerCase(Locale.ROOT))
                                    .collect(Collectors.joining(", ")),
                            values.get(EncoderSettings.CODEC),
                            values.get(EncoderSettings.RESOLUTION),
                            values.getOrDefault(EncoderSettings.FRAME_RATE, "-"),
                            values.getOrDefault(EncoderSettings.BITRATE_KBPS, "-"),
                            values.getOrDefault(EncoderSettings.KEY_FRAME_INTERVAL, "-"));
        }
        table.print(out());
    }

    private static void print(Encoder encoder) {
        ShellTable table = new ShellTable();
        table.column("Setting");
        table.column("Value");
        table.column("Takes");
        Map<String, String> values = encoder.settings().values();
        encoder.options().stream()
                .filter(options -> options.codec() == encoder.settings().codec())
                .findFirst()
                .map(options -> takes(encoder, options))
                .orElse(Map.of())
                .forEach((name, takes) -> table.addRow().addContent(name, values.getOrDefault(name, "-"), takes));
        table.print(out());
    }

    /** {@return what can be set, by name, in the order of the fields} */
    private static Map<String, String> takes(Encoder encoder, EncoderOptions options) {
        Map<String, String> takes = new LinkedHashMap<>();
        takes.put(
                EncoderSettings.CODEC,
                encoder.options().stream()
                        .map(each -> EncoderSettings.word(each.codec()))
                        .collect(Collectors.joining(", ")));
        takes.put(EncoderSettings.RESOLUTION, listed(options.resolutions()));
        if (options.frameRates().isEmpty()) {
            options.frameRate().ifPresent(range -> takes.put(EncoderSettings.FRAME_RATE, range.toString()));
        } else {
            takes.put(
                    EncoderSettings.FRAME_RATE,
                    listed(options.frameRates().stream()
                            .map(EncoderSettings::text)
                            .toList()));
        }
        options.bitrateKbps().ifPresent(range -> takes.put(EncoderSettings.BITRATE_KBPS, range.toString()));
        if (options.constantBitrate()) {
            takes.put(EncoderSettings.CONSTANT_BITRATE, "true, false");
        }
        options.quality().ifPresent(range -> takes.put(EncoderSettings.QUALITY, range.toString()));
        options.keyFrameInterval().ifPresent(range -> takes.put(EncoderSettings.KEY_FRAME_INTERVAL, range.toString()));
        if (!options.profiles().isEmpty()) {
            takes.put(EncoderSettings.PROFILE, listed(options.profiles()));
        }
        return takes;
    }

    private static String listed(List<?> values) {
        return values.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }
}
