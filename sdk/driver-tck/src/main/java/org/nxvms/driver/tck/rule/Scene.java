// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.tck.rule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.nxvms.driver.spi.CameraDriver;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.tck.device.TestDevice;
import org.nxvms.driver.tck.device.TestDevices;
import org.nxvms.driver.tck.stage.Broken;
import org.nxvms.driver.tck.stage.Brought;
import org.nxvms.driver.tck.stage.Calls;
import org.nxvms.driver.tck.stage.Calls.Answer;
import org.nxvms.driver.tck.stage.Hostile;
import org.nxvms.driver.tck.stage.Stage;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.fault.Fault;
import org.nxvms.simulator.rtsp.Camera;

/**
 * What one rule works with: a copy of the driver of its own, a device, and calls that cannot hang the kit. All it hands out
 * is closed with it. One thread.
 */
public final class Scene implements AutoCloseable {
    private static final int OPENED_AGAIN_MAX = 3;

    private final Stage stage;
    private final Path jar;
    private final byte[] bytes;
    private final TestDevices devices;
    private final boolean full;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private Brought brought;
    private TestDevice device;

    /** @param full whether rules take the time that they need to be sure */
    public Scene(Stage stage, Path jar, TestDevices devices, boolean full) throws IOException {
        this.stage = stage;
        this.jar = jar;
        this.bytes = Files.readAllBytes(jar);
        this.devices = devices;
        this.full = full;
    }

    boolean isFull() {
        return full;
    }

    Stage stage() {
        return stage;
    }

    Path jar() {
        return jar;
    }

    /** {@return this rule's copy of the driver, started} */
    CameraDriver driver() throws Exception {
        return brought().driver();
    }

    Brought brought() throws Exception {
        if (brought == null) {
            brought = bring(bytes);
        }
        return brought;
    }

    /** {@return another copy, started} */
    Brought bring(byte[] its) throws Exception {
        Brought another = stage.bring(its);
        open.push(another);
        another.start();
        return another;
    }

    byte[] bytes() {
        return bytes;
    }

    TestDevice device() throws Exception {
        if (device == null) {
            device = devices.take(driver().info());
            open.push(device);
        }
        return device;
    }

    Camera camera() throws Exception {
        return device().camera().orElseThrow(() -> new NotTried("needs a simulated device"));
    }

    /** {@return what happens at the device} */
    Device inside() throws Exception {
        return device().device().orElseThrow(() -> new NotTried("needs a simulated device with states"));
    }

    void sick(Fault fault) throws Exception {
        camera().set(fault);
    }

    void requireActing() throws Exception {
        if (!device().mayAct()) {
            throw new NotTried("the device may not be moved or changed");
        }
    }

    Hostile hostile(Hostile.Manner manner) throws Exception {
        Hostile hostile = new Hostile(manner);
        open.push(hostile);
        return hostile;
    }

    /** {@return what came of a call, which may take as long as calls on this device may} */
    <T> Answer<T> ask(String what, Callable<T> call) throws InterruptedException {
        return Calls.within(
                what, device == null ? TestDevice.WELL_MS : device.target().timeoutMs(), call);
    }

    /** {@return a session with the device, which is well} */
    CameraSession session() throws Exception {
        return session(device().target());
    }

    /** The same; where the limit is short, a machine that stood still for as long is no fault of the driver's. */
    CameraSession session(DeviceTarget target) throws Exception {
        Answer<CameraSession> opened = tryOpen(target);
        for (int again = 0; again < OPENED_AGAIN_MAX && isOutOfTime(opened, target); again++) {
            opened = tryOpen(target);
        }
        return opened.get();
    }

    private static boolean isOutOfTime(Answer<?> answer, DeviceTarget target) {
        return target.timeoutMs() <= TestDevice.TIMEOUT_MS
                && answer.thrown() instanceof DriverException failed
                && failed.kind() == DriverException.Kind.UNREACHABLE;
    }

    /** {@return what came of opening a session; an open one is closed with the scene} */
    Answer<CameraSession> tryOpen(DeviceTarget target) throws Exception {
        CameraDriver its = driver();
        Answer<CameraSession> opened =
                Calls.within("open(" + target.address() + ")", target.timeoutMs(), () -> its.open(target));
        if (opened.value() != null) {
            open.push(opened.value());
        } else if (!opened.failed()) {
            throw new Broken(opened.what() + " returned no session.");
        }
        return opened;
    }

    /** {@return a control function of a session with the device; the rule is not tried where there is none} */
    <C extends Capability> C require(CameraSession session, Class<C> type) throws Exception {
        Optional<C> offered = ask("capability(" + type.getSimpleName() + ")", () -> session.capability(type))
                .get();
        return offered.orElseThrow(() -> new NotTried("the driver does not offer " + type.getSimpleName()));
    }

    /** Closes all, whatever some of it says; what was said first is thrown. */
    @Override
    public void close() {
        Broken first = null;
        while (!open.isEmpty()) {
            try {
                close(open.pop());
            } catch (Broken broken) {
                first = first == null ? broken : first;
            } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
                first = new Broken("The run was ended.", stop);
            } catch (Exception failed) {
                first = first == null ? new Broken("Closing what was opened fails: " + failed, failed) : first;
            }
        }
        if (first != null) {
            throw first;
        }
    }

    private static void close(AutoCloseable one) throws Exception {
        if (one instanceof CameraSession) {
            Calls.act("close()", TestDevice.TIMEOUT_MS, one::close).get();
        } else {
            one.close();
        }
    }
}
