// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.send;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.apache.hc.client5.http.classic.methods.HttpPost;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.config.TlsConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.client5.http.routing.RoutingSupport;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * Sends requests to all endpoints. Certificates and names are checked, redirects not followed, and each request has one
 * time limit for everything, whatever the other side does meanwhile. Any thread; a request blocks its own.
 */
public final class HttpSender implements AutoCloseable {
    /** One for each endpoint, and for tests that administrators ask for. */
    static final int CONNECTIONS_MAX = 80;

    private static final int CONNECTIONS_OF_A_HOST_MAX = 80;
    private static final Timeout CONNECT_MAX = Timeout.ofSeconds(10);
    /** A connection that rested longer is tried before it is used; the other side may have closed it. */
    private static final TimeValue REST_MAX = TimeValue.ofSeconds(1);
    /** A name is looked up again at least so often. */
    private static final TimeValue AGE_MAX = TimeValue.ofMinutes(1);
    /** What an endpoint says is of no interest; so much is read to keep the connection. */
    private static final int ANSWER_BYTES_MAX = 1 << 16;

    /** Of what comes before it, which is kept while it is read. */
    private static final Http1Config HEAD = Http1Config.custom()
            .setMaxLineLength(8_192)
            .setMaxHeaderCount(100)
            .setMaxEmptyLineCount(10)
            .build();

    private static final int CAUSES_MAX = 10;
    private static final String AGENT = "NXvms-webhook";

    private final JudgedNames addresses;
    private final PoolingHttpClientConnectionManager connections;
    private final CloseableHttpClient client;
    private final ScheduledThreadPoolExecutor clock;
    /** How often it changed where requests may go. */
    private final AtomicInteger changes = new AtomicInteger();

    /** Checks certificates against what the Java in use trusts. */
    public HttpSender(SSLContext tls) {
        this(tls, InetAddress::getAllByName);
    }

    HttpSender(SSLContext tls, JudgedNames.Lookup lookup) {
        addresses = new JudgedNames(lookup);
        connections = PoolingHttpClientConnectionManagerBuilder.create()
                .setDnsResolver(addresses)
                .setConnectionFactory(ManagedHttpClientConnectionFactory.builder()
                        .http1Config(HEAD)
                        .build())
                .setTlsSocketStrategy(new DefaultClientTlsStrategy(tls))
                .setDefaultTlsConfig(
                        TlsConfig.custom().setHandshakeTimeout(CONNECT_MAX).build())
                .setDefaultConnectionConfig(ConnectionConfig.custom()
                        .setConnectTimeout(CONNECT_MAX)
                        .setValidateAfterInactivity(REST_MAX)
                        .setTimeToLive(AGE_MAX)
                        .build())
                .setMaxConnTotal(CONNECTIONS_MAX)
                .setMaxConnPerRoute(CONNECTIONS_OF_A_HOST_MAX)
                .build();
        client = HttpClients.custom()
                .setConnectionManager(connections)
                .setUserAgent(AGENT)
                .disableRedirectHandling()
                .disableAutomaticRetries()
                .disableAuthCaching()
                .disableCookieManagement()
                .disableContentCompression()
                .build();
        clock = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "nxvms-webhook-clock");
            thread.setDaemon(true);
            return thread;
        });
        clock.setRemoveOnCancelPolicy(true);
    }

    /** Whether endpoints on this machine and on link-local addresses are spoken to. */
    public void localAllowed(boolean now) {
        addresses.localAllowed(now);
        changes.incrementAndGet();
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
    }

    /**
     * One request.
     *
     * @param headers beside those that go with a JSON body
     * @param timeoutMs for all of it, from the look-up of the name to the answer
     */
    public record Request(URI url, Map<String, String> headers, byte[] body, int timeoutMs) {}

    /** {@return a request that can be cancelled while it is sent} */
    public Call call(Request request) {
        return new Call(request);
    }

    /** A request on its way, once. */
    public final class Call {
        private final Request request;
        private final HttpPost post;
        private volatile boolean late;
        private volatile boolean cancelled;

        private Call(Request request) {
            this.request = request;
            this.post = new HttpPost(request.url());
            Timeout timeout = Timeout.ofMilliseconds(request.timeoutMs());
            post.setConfig(RequestConfig.custom()
                    .setResponseTimeout(timeout)
                    .setConnectionRequestTimeout(timeout)
                    .build());
            request.headers().forEach(post::setHeader);
            post.setEntity(new ByteArrayEntity(request.body(), ContentType.APPLICATION_JSON));
        }

        /** From any thread: whoever sends gets an answer at once. */
        public void cancel() {
            cancelled = true;
            post.cancel();
        }

        /** Blocks until there is an answer, or the time is over. */
        public Answer send() {
            int before = changes.get();
            try {
                return answer();
            } finally {
                if (changes.get() != before) {
                    // It was in use when those at rest were closed, and may lead where nothing is sent any more.
                    connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
                }
            }
        }

        private Answer answer() {
            ScheduledFuture<?> limit = clock.schedule(
                    () -> {
                        late = true;
                        post.cancel();
                    },
                    request.timeoutMs(),
                    TimeUnit.MILLISECONDS);
            try (ClassicHttpResponse response = client.executeOpen(RoutingSupport.determineHost(post), post, null)) {
                Header retryAfter = response.getFirstHeader(HttpHeaders.RETRY_AFTER);
                Answer answer =
                        Answer.of(response.getCode(), retryAfter == null ? "" : retryAfter.getValue(), Instant.now());
                drain(response.getEntity());
                return answer;
            } catch (IOException | HttpException failed) {
                return Answer.failed(sentence(failed));
            } finally {
                limit.cancel(false);
            }
        }

        /** A connection of which all was read can be used again; of one with more to say enough was heard. */
        private void drain(HttpEntity entity) {
            if (entity == null) {
                return;
            }
            try {
                InputStream content = entity.getContent();
                byte[] some = new byte[4096];
                int left = ANSWER_BYTES_MAX;
                for (int count = content.read(some); count >= 0; count = content.read(some)) {
                    left -= count;
                    if (left < 0) {
                        post.cancel();
                        return;
                    }
                }
            } catch (IOException unread) {
                // The status has been told, and that is what counts.
                post.cancel();
            }
        }

        private String sentence(Exception failed) {
            if (late || failed instanceof InterruptedIOException && !cancelled) {
                return "The endpoint did not answer within " + request.timeoutMs() + " ms.";
            }
            if (cancelled) {
                return "The request was given up.";
            }
            if (failed instanceof JudgedNames.RefusedException refused) {
                return refused.getMessage()
                        + (refused.isLocal()
                                ? "; localAddressesAllowed in etc/org.nxvms.integration.webhooks.cfg allows that."
                                : ". Nothing is sent there.");
            }
            if (failed instanceof UnknownHostException) {
                return "The host " + request.url().getHost() + " is not known.";
            }
            if (failed instanceof SSLException) {
                return isCertificate(failed)
                        ? "The endpoint's certificate is not trusted, or is for another host; see"
                                + " docs/design/integrations.md for certificates of your own."
                        : "The endpoint speaks no TLS that this server takes: " + failed.getMessage() + ".";
            }
            return "The connection failed: " + failed.getMessage() + ".";
        }

        private static boolean isCertificate(Throwable failed) {
            Throwable cause = failed;
            for (int i = 0; i < CAUSES_MAX && cause != null; i++, cause = cause.getCause()) {
                if (cause instanceof CertificateException
                        || cause instanceof javax.net.ssl.SSLPeerUnverifiedException) {
                    return true;
                }
            }
            return false;
        }
    }

    @Override
    public void close() {
        clock.shutdownNow();
        client.close(CloseMode.IMMEDIATE);
        connections.close(CloseMode.IMMEDIATE);
        try {
            clock.awaitTermination(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
