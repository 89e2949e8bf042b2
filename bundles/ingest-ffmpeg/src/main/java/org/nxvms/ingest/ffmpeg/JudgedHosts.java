// SPDX-License-Identifier: Apache-2.0
package org.nxvms.ingest.ffmpeg;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.ingest.kit.Names;
import org.nxvms.platform.api.network.AddressRule;
import org.nxvms.platform.api.network.Refusal;
import org.nxvms.platform.api.worker.SourceDoor;
import org.nxvms.platform.api.worker.SourceRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The door of each source: where a connection leads is judged when it is made, by the same rules as the camera's address. Looks
 * names up apart from those of cameras, so that a playlist full of dead names holds up nobody who has an address of his own.
 */
final class JudgedHosts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JudgedHosts.class);

    /** What is said once; a source is tried again and again. */
    private static final int TOLD_MAX = 256;

    private final Set<String> told = ConcurrentHashMap.newKeySet();
    private final Names names;
    private final Supplier<Settings> settings;

    JudgedHosts(Names names, Supplier<Settings> settings) {
        this.names = names;
        this.settings = settings;
    }

    /** {@return the door of a source} */
    SourceDoor of(SourceRequest request) {
        String own = bare(String.valueOf(request.uri().getHost()));
        return host -> {
            try {
                return judged(host);
            } catch (DriverException why) {
                if (host.equalsIgnoreCase(own)) {
                    throw why;
                }
                tell(own, host, why);
                throw new DriverException(
                        why.kind(), "a redirect or playlist leads on from it, and there " + why.getMessage(), why);
            }
        };
    }

    /** For administrators: what everybody reads does not say where. */
    private void tell(String own, String host, DriverException why) {
        if (told.size() >= TOLD_MAX) {
            told.clear();
        }
        if (why.kind() == Kind.CONFIG && told.add(own + " " + host)) {
            LOG.warn("The source at {} leads on to {}, and there {}", own, host, why.getMessage());
        }
    }

    private static String bare(String host) {
        return host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host;
    }

    private List<InetAddress> judged(String host) throws DriverException {
        // One rule for whether it is an address at all; which ones are allowed, the names know.
        Optional<Refusal> odd = AddressRule.DEVICES.refusalOf(host);
        if (odd.isPresent()) {
            throw new DriverException(Kind.CONFIG, "its host " + odd.get().words());
        }
        CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
        Names.Question question = names.resolve(host, Runnable::run, new Names.Asker() {
            @Override
            public void found(List<InetAddress> addresses) {
                answer.complete(addresses);
            }

            @Override
            public void unknown(String why) {
                answer.completeExceptionally(new DriverException(Kind.UNREACHABLE, why));
            }

            @Override
            public void refused(String why) {
                answer.completeExceptionally(new DriverException(Kind.CONFIG, why));
            }
        });
        try {
            List<InetAddress> addresses = answer.get(settings.get().openTimeoutMs(), TimeUnit.MILLISECONDS);
            SourcePolicy.checkHost(addresses, settings.get().denied());
            return addresses;
        } catch (TimeoutException late) {
            throw new DriverException(Kind.UNREACHABLE, "the name server does not answer for its host", late);
        } catch (ExecutionException said) {
            DriverException why = (DriverException) said.getCause();
            throw new DriverException(why.kind(), why.getMessage(), why);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            throw new DriverException(Kind.CLOSED, "the source is being closed", stop);
        } finally {
            question.withdraw();
        }
    }

    @Override
    public void close() {
        names.close();
    }
}
