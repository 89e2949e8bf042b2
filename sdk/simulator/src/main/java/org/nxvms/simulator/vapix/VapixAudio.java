// SPDX-License-Identifier: Apache-2.0
package org.nxvms.simulator.vapix;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import org.nxvms.simulator.device.Device;
import org.nxvms.simulator.device.Speaker;
import org.nxvms.simulator.fault.FaultKind;
import org.nxvms.simulator.http.Dialect;
import org.nxvms.simulator.http.HttpAnswer;
import org.nxvms.simulator.http.HttpRequest;

/** {@code audio/transmit.cgi}: a POST whose body is played as it comes, one client at a time. */
final class VapixAudio {
    static final String PATH = "/axis-cgi/audio/transmit.cgi";

    private static final Set<String> TYPES = Set.of("audio/basic", "audio/axis-mulaw-128");
    private static final int LOOK_MS = 20;
    private static final int PIECE_BYTES = 320;

    private final Device device;

    VapixAudio(Device device) {
        this.device = device;
    }

    Dialect.Upload upload(HttpRequest head) {
        if (device.faults().has(FaultKind.FORBIDDEN)) {
            return Dialect.Upload.refused(HttpAnswer.text(403, "Forbidden\r\n"));
        }
        if (!head.method().equals("POST")) {
            return Dialect.Upload.refused(HttpAnswer.text(405, "use POST\r\n").with("Allow", "POST"));
        }
        String type = head.header("content-type").orElse("");
        if (!TYPES.contains(type)) {
            return Dialect.Upload.refused(HttpAnswer.text(415, "Content-Type: use one of " + TYPES + "\r\n"));
        }
        if (device.speaker().isPlaying()) {
            return Dialect.Upload.refused(HttpAnswer.text(503, "somebody else talks\r\n"));
        }
        return new Dialect.Upload(Optional.empty(), body -> play(type, body));
    }

    private HttpAnswer play(String type, InputStream body) throws IOException, InterruptedException {
        Optional<Speaker.Sound> sound = device.speaker().begin(type);
        if (sound.isEmpty()) {
            return HttpAnswer.text(503, "somebody else talks\r\n");
        }
        try (Speaker.Sound playing = sound.get()) {
            byte[] piece = new byte[PIECE_BYTES];
            while (true) {
                while (device.faults().has(FaultKind.AUDIO_STUCK)) {
                    Thread.sleep(LOOK_MS);
                }
                int count = body.read(piece);
                if (count < 0) {
                    return HttpAnswer.text(200, "");
                }
                playing.play(Arrays.copyOf(piece, count));
            }
        }
    }
}
