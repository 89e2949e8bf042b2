// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.karaf.shell.api.action.Argument;
import org.apache.karaf.shell.api.action.Command;
import org.apache.karaf.shell.api.action.Completion;
import org.apache.karaf.shell.api.action.lifecycle.Service;
import org.apache.karaf.shell.support.CommandException;
import org.apache.karaf.shell.support.table.ShellTable;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverSetting;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.camera.CameraRegistry;

/** {@code nxvms:camera-image}. */
@Service
@Command(
        scope = "nxvms",
        name = "camera-image",
        description = "Shows how a camera makes its picture, or changes it, or lets it do something once: brightness=60"
                + " ir_cut=auto wipe.")
public final class CameraImageCommand extends ServerCommand {
    @Argument(name = "camera", description = "Id of the camera, or its name while only one has it", required = true)
    @Completion(CameraCompleter.class)
    String camera;

    @Argument(
            index = 1,
            name = "changes",
            description = "NAME=VALUE, as the table names them, or the name of an action",
            multiValued = true)
    List<String> changes = List.of();

    /** What a camera said. */
    private record Picture(List<DriverSetting> settings, Map<String, String> values, List<String> actions) {
        static Picture of(Imaging imaging) throws DriverException {
            return new Picture(
                    List.copyOf(imaging.settings()),
                    Map.copyOf(imaging.values()),
                    imaging.actions().stream().map(Imaging.Action::name).toList());
        }
    }

    @Override
    void run(Services services) throws Exception {
        Camera found = CameraNames.find(services.require(CameraRegistry.class, "The camera registry"), camera);
        CameraControl control = services.require(CameraControl.class, "The control of cameras");
        Map<String, String> values = new TreeMap<>();
        List<String> actions =
                changes.stream().filter(change -> change.indexOf('=') < 0).toList();
        for (String change : changes) {
            int equals = change.indexOf('=');
            if (equals >= 0) {
                values.put(change.substring(0, equals), change.substring(equals + 1));
            }
        }
        Map<String, String> wrong = control.ask(found.id(), Imaging.class, imaging -> tell(imaging, values, actions));
        if (!wrong.isEmpty()) {
            throw new CommandException(wrong.entrySet().stream()
                    .map(each -> each.getKey() + " " + each.getValue() + ".")
                    .collect(Collectors.joining(" ")));
        }
        if (!changes.isEmpty()) {
            note(services, "imaging.changed", "camera/" + found.id(), values);
        }
        print(control.ask(found.id(), Imaging.class, Picture::of));
    }

    /** {@return what is wrong, by name; nothing was done then} */
    private static Map<String, String> tell(Imaging imaging, Map<String, String> values, List<String> actions)
            throws DriverException {
        Map<String, String> wrong = new TreeMap<>(DriverSetting.problems(imaging.settings(), values));
        List<String> known =
                imaging.actions().stream().map(Imaging.Action::name).toList();
        actions.stream()
                .filter(action -> !known.contains(action))
                .forEach(action -> wrong.put(action, "is no action of this camera; it has " + known));
        if (wrong.isEmpty() && !values.isEmpty()) {
            imaging.change(values);
        }
        for (String action : wrong.isEmpty() ? actions : List.<String>of()) {
            imaging.perform(action);
        }
        return wrong;
    }

    private static void print(Picture picture) {
        ShellTable table = new ShellTable();
        table.column("Setting");
        table.column("Value");
        table.column("Takes");
        table.emptyTableText("The camera has no image settings.");
        for (DriverSetting setting : picture.settings()) {
            table.addRow()
                    .addContent(setting.name(), picture.values().getOrDefault(setting.name(), "-"), takes(setting));
        }
        table.print(out());
        if (!picture.actions().isEmpty()) {
            out().println("Actions: " + String.join(", ", picture.actions()));
        }
    }

    private static String takes(DriverSetting setting) {
        return switch (setting.kind()) {
            case INTEGER -> setting.min().orElseThrow() + ".." + setting.max().orElseThrow();
            case BOOLEAN -> "true, false";
            case CHOICE ->
                setting.choices().stream().map(DriverSetting.Choice::value).collect(Collectors.joining(", "));
            default -> "text";
        };
    }
}
