// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.ws;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.servlet.Servlet;
import javax.servlet.ServletException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.platform.api.camera.CameraControl;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.GuardedContext;
import org.nxvms.rest.kit.servlet.RequestCredentialsFactory;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletName;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/**
 * {@code /ws/v1/talk/{cameraId}?codec=&sampleRateHz=&channels=}: upgrades to a WebSocket whose binary messages are played by
 * the camera. As for live pictures, what a browser's script must be able to read is a close code after the upgrade.
 */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(LiveContext.SELECT)
@HttpWhiteboardServletName("nxvms-ws-talk")
@HttpWhiteboardServletPattern("/talk/*")
public final class TalkServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private LiveContext context;

    private static final long serialVersionUID = 1L;
    /** Nothing is said in texts. */
    private static final int TEXT_BYTES_MAX = 256;
    /** Talks that are being begun: each waits for its camera. */
    private static final int BEGINNING_MAX = 16;

    private static final int IDLE_S = 30;
    /** How often rights are looked at; each is asked for every two seconds. */
    private static final long CHECK_MS = 1_000;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile CameraControl control;

    private final transient SocketUpgrades upgrades = new SocketUpgrades();
    private final transient TalkSocket.Sockets open = new TalkSocket.Sockets();
    private final transient ExecutorService beginners;
    private final transient ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "nxvms-talk-rights");
        thread.setDaemon(true);
        return thread;
    });

    /** For the component runtime. */
    @Activate
    public TalkServlet() {
        AtomicInteger number = new AtomicInteger();
        beginners =
                new ThreadPoolExecutor(0, BEGINNING_MAX, IDLE_S, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                    Thread thread = new Thread(task, "nxvms-talk-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        watch.scheduleWithFixedDelay(open::check, CHECK_MS, CHECK_MS, TimeUnit.MILLISECONDS);
    }

    /** For tests. */
    TalkServlet(AccessGuard guard, CameraControl control) {
        this();
        this.guard = guard;
        this.control = control;
    }

    @Deactivate
    void stop() {
        watch.shutdownNow();
        open.close();
        beginners.shutdownNow();
    }

    @Override
    public void init() throws ServletException {
        upgrades.start(getServletContext(), TEXT_BYTES_MAX, AudioOut.FRAME_BYTES_MAX);
    }

    @Override
    public void destroy() {
        upgrades.stop();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) throws IOException {
        try {
            if (upgrades.isUpgrade(request, response, "Sound goes")) {
                UUID camera = SocketUpgrades.camera(request, "/ws/v1/talk/{cameraId}");
                AudioOut.Format format = format(request);
                Absent.require(guard, "The access guard");
                TalkSocket.Services services = new TalkSocket.Services(() -> guard, () -> control, beginners, open);
                TalkSocket.Talker talker =
                        new TalkSocket.Talker(GuardedContext.user(request), RequestCredentialsFactory.from(request));
                upgrades.accept(request, response, new TalkSocket(services, talker, camera, format));
            }
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
        }
    }

    private static AudioOut.Format format(HttpServletRequest request) {
        SocketUpgrades.requireOnly(request, List.of("codec", "sampleRateHz", "channels"));
        AudioOut.Codec codec;
        String word = request.getParameter("codec");
        try {
            codec = AudioOut.Codec.valueOf(word == null ? "" : word.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(
                    Problem.malformed(
                            "codec",
                            "\"codec\" must be pcmu, pcma, aac or opus; GET"
                                    + " /api/v1/cameras/{id}/talk says which of them the camera takes."),
                    e);
        }
        int rateHz = number(request, "sampleRateHz", codec == AudioOut.Codec.OPUS ? 48_000 : 8_000, 8_000, 48_000);
        return new AudioOut.Format(codec, rateHz, number(request, "channels", 1, 1, 2));
    }

    private static int number(HttpServletRequest request, String name, int otherwise, int min, int max) {
        String text = request.getParameter(name);
        if (text == null) {
            return otherwise;
        }
        int number = text.matches("\\d{1,6}") ? Integer.parseInt(text) : -1;
        if (number < min || number > max) {
            throw Problem.malformed(name, "\"" + name + "\" must be " + min + ".." + max + ".")
                    .exception();
        }
        return number;
    }
}
