// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.nxvms.itests.harness.ApiWitness.Exchange;

/**
 * Reads a copy of what passes over one connection as HTTP/1.1, and tells requests with their answers. Bytes have to be shown
 * before they are passed on, so that no answer is seen before its request. After an upgrade nothing is read any more. Any
 * thread.
 */
final class HttpTap {
    private static final int HEAD_BYTES_MAX = 64 * 1_024;
    private static final int CHUNK_BYTES_MAX = 64 * 1_024;
    /** More of a body that is no JSON is not kept: nobody looks at it. */
    private static final int KEPT_BYTES_MAX = 1_024;

    private static final int JSON_BYTES_MAX = 16 << 20;
    /** What RFC 3986 has in no address, and {@link URI} refuses. */
    private static final Pattern NOT_IN_ADDRESSES = Pattern.compile("[^!-~]|[\"<>\\\\^`{|}]");

    private final String server;
    private final Deque<Message> unanswered = new ArrayDeque<>();
    private final EmbeddedChannel requests =
            new EmbeddedChannel(new HttpRequestDecoder(HEAD_BYTES_MAX, HEAD_BYTES_MAX, CHUNK_BYTES_MAX));
    private final EmbeddedChannel answers = new EmbeddedChannel(new Answers(), new HttpContentDecompressor(0));
    private final List<Exchange> whole = new ArrayList<>();
    private Message asked;
    private Message answering;
    private Message answer;
    private boolean isOther;

    /** @param server what the addresses of requests begin with */
    HttpTap(String server) {
        this.server = server;
    }

    /** Which answers have a body depends on what was asked. */
    private final class Answers extends HttpResponseDecoder {
        Answers() {
            super(HEAD_BYTES_MAX, HEAD_BYTES_MAX, CHUNK_BYTES_MAX);
        }

        @Override
        protected boolean isContentAlwaysEmpty(HttpMessage message) {
            Message first = unanswered.peek();
            boolean isHead =
                    first != null && ((HttpRequest) first.head).method().equals(HttpMethod.HEAD);
            return isHead || super.isContentAlwaysEmpty(message);
        }
    }

    /** A request or an answer, as far as it has come. */
    private static final class Message {
        private final HttpMessage head;
        private final HttpHeaders headers;
        private final int bytesMax;
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Message(HttpMessage head) {
            this.head = head;
            Map<String, List<String>> all = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
            head.headers().forEach(header -> all.computeIfAbsent(header.getKey(), any -> new ArrayList<>())
                    .add(header.getValue()));
            headers = HttpHeaders.of(all, (name, value) -> true);
            bytesMax = isJson() ? JSON_BYTES_MAX : KEPT_BYTES_MAX;
        }

        boolean isJson() {
            return headers.firstValue("content-type").orElse("").contains("json");
        }

        void add(HttpContent content) {
            ByteBuf bytes = content.content();
            byte[] kept = new byte[Math.min(bytes.readableBytes(), bytesMax - body.size())];
            bytes.readBytes(kept);
            body.writeBytes(kept);
        }
    }

    /** What the client sends next. */
    synchronized void sent(byte[] bytes, int length) {
        if (isOther) {
            return;
        }
        requests.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
        for (Object part = requests.readInbound(); part != null; part = requests.readInbound()) {
            if (part instanceof HttpRequest head) {
                asked = new Message(head);
                unanswered.add(asked);
            }
            if (part instanceof HttpContent content) {
                asked.add(content);
            }
            ReferenceCountUtil.release(part);
        }
    }

    /** What the server sends next; {@return exchanges that are whole by it} */
    synchronized List<Exchange> received(byte[] bytes, int length) {
        if (!isOther) {
            answers.writeInbound(Unpooled.copiedBuffer(bytes, 0, length));
            readAnswers();
        }
        return taken();
    }

    /** The connection has ended; {@return what was whole by that, or can be judged though it was cut} */
    synchronized List<Exchange> ended() {
        if (!isOther) {
            isOther = true;
            answers.finish();
            readAnswers();
            if (answering != null && !answer.isJson()) {
                tell();
            }
            requests.finishAndReleaseAll();
        }
        return taken();
    }

    private void readAnswers() {
        for (Object part = answers.readInbound(); part != null; part = answers.readInbound()) {
            if (part instanceof HttpResponse head) {
                begun(head);
            }
            if (part instanceof HttpContent content && answering != null) {
                answer.add(content);
                boolean isWhole = part instanceof LastHttpContent;
                if (isWhole && content.decoderResult().isSuccess()) {
                    tell();
                } else if (isWhole) {
                    answering = null;
                }
            }
            ReferenceCountUtil.release(part);
        }
    }

    private void begun(HttpResponse head) {
        int status = head.status().code();
        if (status == 101) {
            isOther = true;
        } else if (status >= 200) {
            // Nothing was asked: the server closes a connection that sends no request.
            answering = unanswered.poll();
            answer = new Message(head);
        }
    }

    private void tell() {
        HttpRequest request = (HttpRequest) answering.head;
        whole.add(new Exchange(
                request.method().name(),
                URI.create(server + NOT_IN_ADDRESSES.matcher(request.uri()).replaceAll("_")),
                answering.headers,
                answering.body.toString(StandardCharsets.UTF_8),
                ((HttpResponse) answer.head).status().code(),
                answer.headers,
                answer.body.toByteArray()));
        answering = null;
    }

    private List<Exchange> taken() {
        List<Exchange> taken = List.copyOf(whole);
        whole.clear();
        return taken;
    }
}
