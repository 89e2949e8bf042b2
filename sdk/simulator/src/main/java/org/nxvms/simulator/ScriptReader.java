// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.nxvms.simulator.fault.BadInputException;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;

/** Reads faults and scripts of faults as people write them, in JSON; the module's README has examples. */
final class ScriptReader {
    static final String FAULT = "{\"kind\": \"stall\", \"value\": 5}";
    static final String SCRIPT =
            "{\"repeatMs\": 60000, \"steps\": [{\"atMs\": 10000, \"kind\": \"stall\", \"value\": 0, \"forMs\": 5000}]}";

    private static final String STEP = "{\"atMs\": 10000, \"kind\": \"stall\", \"value\": 0, \"forMs\": 5000}";
    private static final String FILE = "{\"scripts\": [{\"camera\": \"2\", \"steps\": [" + STEP + "]}]}";
    private static final int FILE_BYTES_MAX = 1 << 20;
    private static final int SCRIPTS_MAX = 1000;

    private ScriptReader() {}

    static Fault fault(byte[] body) throws IOException {
        return fault(InputObject.parse(body, "body", FAULT).allow(Set.of("kind", "value")));
    }

    private static Fault fault(InputObject input) {
        FaultKind kind = FaultKind.of(input.text("kind"));
        OptionalLong value = input.number("value");
        return value.isPresent() ? kind.fault(value.getAsLong()) : kind.fault();
    }

    static FaultScript script(byte[] body) throws IOException {
        return script(InputObject.parse(body, "body", SCRIPT).allow(Set.of("repeatMs", "steps")));
    }

    private static FaultScript script(InputObject input) {
        List<FaultScript.Step> steps = new ArrayList<>();
        for (InputObject each : input.objects("steps", FaultScript.STEPS_MAX, STEP)) {
            try {
                each.allow(Set.of("atMs", "kind", "value", "forMs"));
                long atMs = each.number("atMs")
                        .orElseThrow(() -> new BadInputException("atMs", "it is missing", "give a step like " + STEP));
                steps.add(new FaultScript.Step(
                        atMs, fault(each), each.number("forMs").orElse(0)));
            } catch (BadInputException wrong) {
                throw wrong.within("steps[" + steps.size() + "]");
            }
        }
        return new FaultScript(steps, input.number("repeatMs").orElse(0));
    }

    /** Scripts by camera; 0 is all that have none of their own. */
    static Map<Integer, FaultScript> file(Path file) throws IOException {
        if (!Files.isRegularFile(file) || Files.size(file) > FILE_BYTES_MAX) {
            throw new BadInputException(
                    file.toString(),
                    "this is no file of at most " + FILE_BYTES_MAX + " bytes",
                    "name a file like " + FILE);
        }
        Map<Integer, FaultScript> scripts = new TreeMap<>();
        InputObject whole = InputObject.parse(Files.readAllBytes(file), file.toString(), FILE)
                .allow(Set.of("scripts"));
        int index = 0;
        for (InputObject each : whole.objects("scripts", SCRIPTS_MAX, FILE)) {
            try {
                each.allow(Set.of("camera", "repeatMs", "steps"));
                if (scripts.putIfAbsent(camera(each.text("camera")), script(each)) != null) {
                    throw new BadInputException(
                            "camera", "there are two scripts for it", "put the steps of both into one");
                }
            } catch (BadInputException wrong) {
                throw wrong.within("scripts[" + index + "]");
            }
            index++;
        }
        return scripts;
    }

    private static int camera(String text) {
        if (!text.matches("\\*|[1-9][0-9]{0,3}")) {
            throw new BadInputException("camera", "'" + text + "' is no camera", "give its number as text, or \"*\"");
        }
        return text.equals("*") ? 0 : Integer.parseInt(text);
    }
}
