// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.nxvms.simulator.rtsp.Camera;

/**
 * Starts a farm from the command line and keeps it until SIGTERM or SIGINT.
 *
 * <p>Prints a line for each stream ({@code camera 1 main rtsp://... phaseMs=0}) and {@code READY}. Exits with 2 for a
 * wrong command line, 1 if the farm cannot be started.
 */
public final class SimulatorMain {
    private SimulatorMain() {}

    public static void main(String[] arguments) {
        PrintStream out = System.out;
        if (List.of(arguments).contains("--help")) {
            out.print(SimulatorOptions.USAGE);
            return;
        }
        try {
            String password = System.getenv().getOrDefault("SIMULATOR_PASSWORD", "simulator");
            SimulatorOptions options = new SimulatorOptions(List.of(arguments), password);
            unpackNativesInto(options.data());
            CameraFarm farm = options.builder()
                    .progress(percent -> progress(out, percent))
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(farm::close, "simulator-stop"));
            print(out, farm);
            Thread.currentThread().join(); // until the shutdown hook runs
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(SimulatorOptions.USAGE);
            System.exit(2);
        } catch (IOException e) {
            System.err.println(e.getMessage());
            System.exit(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** FFmpeg's libraries go beside the clip, not into the home folder, unless someone chose a place. */
    private static void unpackNativesInto(Path data) {
        String property = "org.bytedeco.javacpp.cachedir";
        if (System.getProperty(property) == null) {
            System.setProperty(property, data.resolve("native").toAbsolutePath().toString());
        }
    }

    private static void progress(PrintStream out, int percent) {
        if (percent % 5 == 0) {
            out.println("making the clip: " + percent + " %");
        }
    }

    private static void print(PrintStream out, CameraFarm farm) {
        for (Camera camera : farm.cameras()) {
            farm.httpAddress(camera.number())
                    .ifPresent(uri -> out.println("camera " + camera.number() + " http " + uri));
            for (Camera.Role role : Camera.Role.values()) {
                out.println("camera " + camera.number() + " " + role.name().toLowerCase(Locale.ROOT) + " "
                        + camera.uri(role) + " phaseMs=" + camera.settings().phaseMs());
            }
        }
        farm.controlAddress().ifPresent(address -> out.println("control http://127.0.0.1:" + address.getPort()));
        out.println("READY");
        out.flush();
    }
}
