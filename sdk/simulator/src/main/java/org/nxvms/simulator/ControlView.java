// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.nxvms.simulator.clip.ClipSpec;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.DeviceState;
import org.nxvms.simulator.device.PtzHead;
import org.nxvms.simulator.fault.BadInputException;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.fault.FaultScript;
import org.nxvms.simulator.rtsp.Camera;

/** What the control port tells, as JSON. */
final class ControlView {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private ControlView() {}

    /** The catalogue: every kind with its parameter. */
    static ArrayNode kinds() {
        ArrayNode list = JSON.arrayNode();
        for (FaultKind kind : FaultKind.values()) {
            ObjectNode node = list.addObject();
            node.put("kind", kind.id()).put("area", kind.area().id()).put("does", kind.does());
            if (!kind.unit().isEmpty()) {
                node.put("unit", kind.unit()).put("default", kind.fault().value());
                node.put("min", kind.min()).put("max", kind.max());
            }
        }
        return list;
    }

    static ArrayNode cameras(List<Rig> rigs, ClipSpec spec) {
        ArrayNode list = JSON.arrayNode();
        rigs.forEach(rig -> list.add(camera(rig, spec)));
        return list;
    }

    static ObjectNode camera(Rig rig, ClipSpec spec) {
        Camera camera = rig.camera();
        ObjectNode node = JSON.objectNode();
        node.put("number", camera.number());
        node.put("main", camera.uri(Camera.Role.MAIN)).put("sub", camera.uri(Camera.Role.SUB));
        node.put("auth", camera.settings().auth().name());
        node.put("audio", camera.settings().audio().name());
        node.put("phaseMs", camera.settings().phaseMs());
        node.put("frameMs", 1000.0 / spec.fps()).put("loopFrames", spec.frameCount());
        ArrayNode faults = node.putArray("faults");
        camera.faults().forEach(fault -> put(faults.addObject(), fault));
        camera.script().ifPresent(script -> node.set("script", script(script)));
        rig.outfit().ifPresent(outfit -> node.set("device", device(outfit)));
        Camera.Status status = camera.status();
        node.putObject("status")
                .put("connections", status.connections())
                .put("playing", status.playing())
                .put("requests", status.requests())
                .put("units", status.units())
                .put("packets", status.packets())
                .put("bytes", status.bytes())
                .put("skippedUnits", status.skippedUnits());
        return node;
    }

    /** What a driver's commands have come to. */
    private static ObjectNode device(Rig.Outfit outfit) {
        Device device = outfit.device();
        ObjectNode node = JSON.objectNode();
        node.put("dialect", outfit.dialect()).put("http", outfit.door().uri());
        node.put("time", device.time().toString());
        PtzHead.Position at = device.ptz().position();
        ObjectNode ptz = node.putObject("ptz").put("pan", at.pan()).put("tilt", at.tilt());
        ptz.put("zoom", at.zoom()).put("moves", device.ptz().moves());
        ArrayNode presets = ptz.putArray("presets");
        device.ptz().presets().values().forEach(preset -> presets.add(preset.name()));
        ArrayNode states = node.putArray("states");
        for (DeviceState state : device.events().states()) {
            states.addObject()
                    .put("event", EventInput.id(state.kind()))
                    .put("part", state.part())
                    .put("active", state.active());
        }
        return node.put("eventStreams", device.events().subscribers());
    }

    private static ObjectNode script(Camera.ScriptStatus status) {
        ObjectNode node = JSON.objectNode();
        node.put("elapsedMs", status.elapsedMs())
                .put("repeatMs", status.script().repeatMs());
        ArrayNode steps = node.putArray("steps");
        for (FaultScript.Step step : status.script().steps()) {
            put(steps.addObject().put("atMs", step.atMs()), step.fault()).put("forMs", step.forMs());
        }
        return node;
    }

    private static ObjectNode put(ObjectNode node, Fault fault) {
        node.put("kind", fault.kind().id());
        return fault.kind().unit().isEmpty() ? node : node.put("value", fault.value());
    }

    static ObjectNode problem(BadInputException problem) {
        return JSON.objectNode()
                .put("field", problem.field())
                .put("error", problem.reason())
                .put("remedy", problem.remedy());
    }
}
