// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.servlet.http.HttpServletResponse;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.rate.Networks;
import org.nxvms.rest.kit.rate.RequestRates;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.nxvms.rest.tls.ServerCertificate;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Modified;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Every request passes here first, of whatever kind and context, and may be answered here.
 *
 * <p>A customizer of the web server and no servlet filter, which would wait for contexts that Aries registers (ADR 10).
 * There is only this one: Pax Web 8 adds those it has once more whenever another comes.
 */
@Component(service = HttpConfiguration.Customizer.class, configurationPid = "org.nxvms.web")
@Designate(ocd = DoorSettings.class)
public final class FrontDoor implements HttpConfiguration.Customizer {
    private static final Logger LOG = LoggerFactory.getLogger(FrontDoor.class);
    private static final int SWEEP_SECONDS = 2;
    /** Servlets answer TRACE with what the caller sent, cookies too, when nobody says otherwise (RFC 9110 9.3.8). */
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final RequestRates rates;
    private final SlowBodies slowBodies;
    private final SlowHeads slowHeads;
    private final AnswerHeaders headers = new AnswerHeaders();
    private final AcmeChallenges challenges = new AcmeChallenges();
    private final ScheduledExecutorService sweeper;
    private volatile CrossOrigin crossOrigin;
    private volatile TrustedProxies proxies;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ServerIdentity identity;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private volatile ServerCertificate certificate;

    @Activate
    public FrontDoor(DoorSettings settings) {
        this(settings, System::nanoTime);
        sweeper.scheduleWithFixedDelay(this::sweepQuietly, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
    }

    FrontDoor(DoorSettings settings, LongSupplier nanoClock) {
        rates = new RequestRates(nanoClock);
        slowBodies = new SlowBodies(nanoClock);
        slowHeads = new SlowHeads(nanoClock);
        sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "nxvms-web-door");
            thread.setDaemon(true);
            return thread;
        });
        apply(settings);
    }

    @Modified
    void apply(DoorSettings settings) {
        rates.limit(settings.addressRequestsPerSecond(), settings.addressRequestsBurst());
        TrustedProxies named = new TrustedProxies(settings.trustedProxies(), settings.proxiesWriteForwarded());
        proxies = named;
        slowHeads.limit(settings.headSecondsMax(), settings.addressConnectionsMax(), named::isTrusted);
        crossOrigin = new CrossOrigin(settings.allowedOrigins());
        headers.strictTransportDays(settings.strictTransportDays());
    }

    @Deactivate
    void stop() {
        sweeper.shutdownNow();
    }

    /** A task that throws is not called again. */
    private void sweepQuietly() {
        try {
            sweep();
        } catch (RuntimeException e) {
            LOG.error("Slow connections are not found out; tried again in {} s", SWEEP_SECONDS, e);
        }
    }

    /** Closes what has been slow for too long. */
    void sweep() {
        slowHeads.sweep();
    }

    /** Once per request, on its thread. */
    @Override
    public void customize(Connector connector, HttpConfiguration config, Request request) {
        slowHeads.watch(connector);
        CrossOrigin others = crossOrigin;
        Optional<String> page = others.admitted(request);
        // Before a proxy's word counts: it speaks for another certificate.
        headers.of(request, page, request.isSecure() && isCertificateTrusted());
        proxies.reveal(request);
        try {
            answerHere(request, others, page);
        } catch (IOException e) {
            LOG.debug("A caller left before an answer was written", e);
            request.setHandled(true);
        }
        if (!request.isHandled()) {
            slowBodies.pace(request);
        }
    }

    private void answerHere(Request request, CrossOrigin others, Optional<String> page) throws IOException {
        Response response = request.getResponse();
        String network = Networks.of(request.getRemoteAddr());
        int wait = Networks.isLoopback(network) ? 0 : rates.take(network);
        if (wait > 0) {
            ServletAccess.write(
                    response,
                    Problem.tooManyRequests(
                            "Too many requests come from your address. Try again in " + wait + " s.", wait));
            request.setHandled(true);
        } else if (!METHODS.contains(request.getMethod())) {
            ServletAccess.write(
                    response,
                    Problem.of(
                            "method-not-allowed",
                            "Method not known",
                            HttpServletResponse.SC_NOT_IMPLEMENTED,
                            "This method is not served anywhere here. Use GET, POST, PATCH or DELETE."));
            request.setHandled(true);
        } else if (page.isPresent() && CrossOrigin.isPreflight(request)) {
            others.allow(response);
            request.setHandled(true);
        } else if (AcmeChallenges.isMeant(request)) {
            challenges.answer(request, response, Optional.ofNullable(identity).map(ServerIdentity::dataFolder));
            request.setHandled(true);
        }
    }

    private boolean isCertificateTrusted() {
        ServerCertificate current = certificate;
        return current != null && current.isTrusted();
    }
}
