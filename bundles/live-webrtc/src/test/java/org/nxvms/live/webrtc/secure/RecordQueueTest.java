// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.secure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.tls.ContentType;
import org.bouncycastle.tls.ProtocolVersion;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsDecodeResult;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.test.kit.Awaiting;

/** What of a player's bytes DTLS is given: nothing that would make it reserve what nobody sends. */
class RecordQueueTest {
    private static final int WHOLE = HandshakeBounds.MESSAGE_BYTES_MAX;
    private static final int ALL_THAT_24_BITS_HOLD = 0xFF_FFFF;

    private final RecordQueue queue = new RecordQueue((datagram, length) -> {});

    /** Fragments without content, of messages that claim lengths. */
    private static byte[] messages(int... lengths) {
        ByteBuffer out = ByteBuffer.allocate(12 * lengths.length);
        for (int i = 0; i < lengths.length; i++) {
            out.putInt(1 << 24 | lengths[i])
                    .putShort((short) i)
                    .putShort((short) 0)
                    .putInt(0);
        }
        return out.array();
    }

    private static byte[] record(int type, int epoch, byte[] content) {
        return ByteBuffer.allocate(13 + content.length)
                .put((byte) type)
                .putShort((short) 0xFEFD)
                .putShort((short) epoch)
                .put(new byte[6])
                .putShort((short) content.length)
                .put(content)
                .array();
    }

    private static byte[] join(byte[] one, byte[] other) {
        return ByteBuffer.allocate(one.length + other.length)
                .put(one)
                .put(other)
                .array();
    }

    @Test
    void messagesOfAHandshakeAreTakenUpToWhatCertificatesNeed() {
        assertThat(queue.offer(record(ContentType.handshake, 0, messages(WHOLE, 300))))
                .isTrue();
        assertThat(queue.offer(record(ContentType.alert, 0, new byte[2]))).isTrue();
    }

    @Test
    void aMessageThatClaimsMoreIsNotWhereverItStands() {
        byte[] harmless = record(ContentType.handshake, 0, messages(300));
        byte[] huge = record(ContentType.handshake, 0, messages(ALL_THAT_24_BITS_HOLD));
        assertThat(queue.offer(huge)).isFalse();
        assertThat(queue.offer(record(ContentType.handshake, 0, messages(300, WHOLE + 1))))
                .isFalse();
        assertThat(queue.offer(join(harmless, huge))).as("in a second record").isFalse();
        assertThat(queue.offer(join(record(ContentType.handshake, 1, new byte[40]), huge)))
                .as("behind what is encrypted")
                .isFalse();
        assertThat(queue.isEmpty()).isTrue();
    }

    @Test
    void whatIsCutOffOrNoRecordHurtsNobody() {
        byte[] huge = record(ContentType.handshake, 0, messages(WHOLE, ALL_THAT_24_BITS_HOLD));
        for (int length = 0; length < huge.length; length++) {
            byte[] part = java.util.Arrays.copyOf(huge, length);
            assertThat(HandshakeBounds.hold(part)).as("%d bytes", length).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 16})
    void aMessageThatClaimsMoreIsFoundEncryptedToo(int count) throws Exception {
        int[] lengths = new int[count];
        lengths[count - 1] = ALL_THAT_24_BITS_HOLD;
        assertThatThrownBy(() -> decode(messages(lengths), ContentType.handshake))
                .isInstanceOf(TlsFatalAlert.class);
        assertThat(decode(messages(12), ContentType.handshake).len).isEqualTo(12);
        assertThat(decode(messages(lengths), ContentType.application_data).len).isEqualTo(12 * count);
    }

    /** What comes out of a cipher that gives this content, which stands behind something else in its buffer. */
    private static TlsDecodeResult decode(byte[] content, short type) throws IOException {
        byte[] buffer = join(new byte[] {1, 2, 3}, content);
        TlsCipher inner = (TlsCipher) Proxy.newProxyInstance(
                RecordQueueTest.class.getClassLoader(),
                new Class<?>[] {TlsCipher.class},
                (self, method, arguments) -> new TlsDecodeResult(buffer, 3, content.length, type));
        return new BoundedCrypto.BoundedCipher(inner)
                .decodeCiphertext(1, type, ProtocolVersion.DTLSv12, buffer, 0, buffer.length);
    }

    @Test
    void whoWaitsIsWokenWhenTheViewerGoes() throws Exception {
        CompletableFuture<Integer> waits = new CompletableFuture<>();
        Thread waiting = new Thread(() -> {
            try {
                waits.complete(queue.receive(new byte[100], 0, 100, 3_600_000));
            } catch (IOException e) {
                waits.completeExceptionally(e);
            }
        });
        waiting.setDaemon(true);
        waiting.start();
        Awaiting.until("it waits", () -> !waiting.isAlive() || waiting.getState() == Thread.State.TIMED_WAITING);
        queue.close();
        assertThatThrownBy(() -> waits.get(60, TimeUnit.SECONDS))
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(queue.offer(new byte[20])).isFalse();
    }

    @Test
    void afterTheHandshakeNobodyWaitsAndNobodyIsGivenMoreThanWasPermitted() throws Exception {
        for (int i = 0; i < 3; i++) {
            queue.offer(record(ContentType.alert, 1, new byte[20]));
        }
        queue.permit(2);
        byte[] target = new byte[100];
        assertThat(queue.receive(target, 0, 100, 3_600_000)).isEqualTo(33);
        assertThat(queue.receive(target, 0, 100, 3_600_000)).isEqualTo(33);
        assertThatThrownBy(() -> queue.receive(target, 0, 100, 3_600_000)).isInstanceOf(InterruptedIOException.class);
        queue.permit(2);
        assertThat(queue.receive(target, 0, 100, 3_600_000)).isEqualTo(33);
        assertThatThrownBy(() -> queue.receive(target, 0, 100, 3_600_000)).isInstanceOf(InterruptedIOException.class);
    }
}
