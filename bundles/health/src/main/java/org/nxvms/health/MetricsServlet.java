// SPDX-License-Identifier: Apache-2.0
package org.nxvms.health;

import static org.osgi.service.component.annotations.ReferenceCardinality.MULTIPLE;
import static org.osgi.service.component.annotations.ReferenceCardinality.OPTIONAL;
import static org.osgi.service.component.annotations.ReferencePolicy.DYNAMIC;
import static org.osgi.service.component.annotations.ReferencePolicyOption.GREEDY;

import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.nxvms.media.StreamHub;
import org.nxvms.platform.api.ServerIdentity;
import org.nxvms.platform.api.archive.Archive;
import org.nxvms.platform.api.archive.EarlyRemoval;
import org.nxvms.platform.api.camera.CameraRegistry;
import org.nxvms.platform.api.event.EventLog;
import org.nxvms.platform.api.ingest.StreamIngest;
import org.nxvms.platform.api.integration.Integration;
import org.nxvms.platform.api.recording.Recorder;
import org.nxvms.platform.api.security.AccessDeniedException;
import org.nxvms.platform.api.security.AccessGuard;
import org.nxvms.platform.api.security.AuthenticatedUser;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.rest.kit.problem.Absent;
import org.nxvms.rest.kit.problem.Problem;
import org.nxvms.rest.kit.problem.ProblemException;
import org.nxvms.rest.kit.servlet.ServletAccess;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardContextSelect;
import org.osgi.service.http.whiteboard.propertytypes.HttpWhiteboardServletPattern;

/** {@code GET /metrics}: figures as Prometheus text, for callers who may see the server's health. */
@Component(service = Servlet.class)
@HttpWhiteboardContextSelect(MetricsContext.SELECT)
@HttpWhiteboardServletPattern("/*")
public final class MetricsServlet extends HttpServlet {
    /** This servlet comes after its context and goes before it; see {@code ContextGate}. */
    @Reference
    private MetricsContext context;

    private static final long serialVersionUID = 1L;

    private final transient String version;
    private final transient JvmMetrics jvm = new JvmMetrics();
    private final transient List<StreamIngest> ingests = new CopyOnWriteArrayList<>();
    private final transient List<Integration> integrations = new CopyOnWriteArrayList<>();

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile AccessGuard guard;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Health health;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile ServerIdentity identity;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile StreamHub hub;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile CameraRegistry cameras;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Recorder recorder;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile Archive archive;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile EarlyRemoval removals;

    @Reference(cardinality = OPTIONAL, policy = DYNAMIC, policyOption = GREEDY)
    private transient volatile EventLog events;

    @Activate
    public MetricsServlet(BundleContext context) {
        this(context.getBundle().getVersion().toString());
    }

    MetricsServlet(String version) {
        this.version = version;
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindIngest(StreamIngest ingest) {
        ingests.add(ingest);
    }

    void unbindIngest(StreamIngest ingest) {
        ingests.remove(ingest);
    }

    @Reference(cardinality = MULTIPLE, policy = DYNAMIC, policyOption = GREEDY)
    void bindIntegration(Integration integration) {
        integrations.add(integration);
    }

    void unbindIntegration(Integration integration) {
        integrations.remove(integration);
    }

    /** In the place of the service component runtime. */
    void services(AccessGuard guardNow, Health healthNow, ServerIdentity identityNow) {
        guard = guardNow;
        health = healthNow;
        identity = identityNow;
    }

    /** In the place of the service component runtime. */
    void removals(EarlyRemoval removalsNow) {
        removals = removalsNow;
    }

    /** In the place of the service component runtime. */
    void media(StreamHub hubNow, Recorder recorderNow, Archive archiveNow, CameraRegistry camerasNow) {
        hub = hubNow;
        recorder = recorderNow;
        archive = archiveNow;
        cameras = camerasNow;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        byte[] body;
        try {
            AuthenticatedUser user = ServletAccess.require(guard, request, Permission.VIEW_HEALTH, Optional.empty());
            String path = request.getPathInfo();
            if (path != null && !path.equals("/")) {
                throw Problem.notFound("There is nothing at this address; metrics are at /metrics.")
                        .exception();
            }
            body = text(id -> sees(user, id));
        } catch (ProblemException e) {
            ServletAccess.write(response, e.problem());
            return;
        }
        response.setContentType(PrometheusTextFormatWriter.CONTENT_TYPE);
        response.setHeader("Cache-Control", "no-store");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private boolean sees(AuthenticatedUser user, UUID camera) {
        try {
            Absent.require(guard, "The access guard").requireSight(user, camera);
            return true;
        } catch (AccessDeniedException e) {
            return false;
        }
    }

    /** @param seen cameras of which the caller may know; figures of others are left out */
    private byte[] text(Predicate<UUID> seen) throws IOException {
        Metrics metrics = new Metrics();
        ServerMetrics server = new ServerMetrics(metrics, seen);
        server.info(version, identity);
        server.health(health);
        server.streams(hub);
        server.ingests(ingests);
        server.recordings(recorder);
        server.cameras(cameras);
        server.volumes(archive);
        server.removedEarly(removals);
        server.events(events);
        server.integrations(integrations);
        jvm.collect(metrics);
        ByteArrayOutputStream out = new ByteArrayOutputStream(32_768);
        PrometheusTextFormatWriter.create().write(out, metrics.snapshots());
        return out.toByteArray();
    }
}
