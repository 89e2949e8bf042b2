// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.axis;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.nxvms.driver.spi.AudioOut;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.Capability;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceClock;
import org.nxvms.driver.spi.DeviceEvents;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceSnapshot;
import org.nxvms.driver.spi.DigitalIo;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.EdgeRecordings;
import org.nxvms.driver.spi.Imaging;
import org.nxvms.driver.spi.Ptz;
import org.nxvms.driver.spi.PtzPresets;
import org.nxvms.driver.spi.Reboot;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A conversation with one camera. What it can do is found out when it is opened. */
final class AxisSession implements CameraSession {
    private static final Logger LOG = LoggerFactory.getLogger(AxisSession.class);
    private static final String TIME = "/axis-cgi/time.cgi";

    private final AxisHttp http;
    private final AxisFacts facts;
    private final AxisStreams streams;
    private final AxisSettings settings;
    private final Optional<Credentials> credentials;
    private final Map<Class<? extends Capability>, Capability> capabilities = new HashMap<>();
    private final List<Runnable> closers = new ArrayList<>();
    private final AxisEvents events;

    private AxisSession(AxisHttp http, AxisFacts facts, AxisSettings settings, Optional<Credentials> credentials)
            throws DriverException {
        this.http = http;
        this.facts = facts;
        this.settings = settings;
        this.credentials = credentials;
        this.streams = AxisStreams.choose(facts.profiles(), settings);
        AxisPorts ports = new AxisPorts(http);
        this.events = new AxisEvents(http, facts.hasPorts() ? Optional.of(ports) : Optional.empty());
        capabilities.put(DeviceSnapshot.class, (DeviceSnapshot) this::jpeg);
        capabilities.put(DeviceClock.class, new Clock());
        capabilities.put(
                Reboot.class, (Reboot) () -> http.call("/axis-cgi/firmwaremanagement.cgi", "reboot", Map.of()));
        capabilities.put(DeviceEvents.class, events);
        if (facts.hasPorts()) {
            capabilities.put(DigitalIo.class, ports);
        }
        if (facts.hasImageSettings()) {
            capabilities.put(Imaging.class, new AxisImaging(http));
        }
        if (facts.hasSpeaker()) {
            AxisAudio audio = new AxisAudio(http);
            capabilities.put(AudioOut.class, audio);
            closers.add(audio::close);
        }
        if (facts.hasStorage()) {
            AxisRecordings recordings = new AxisRecordings(http);
            capabilities.put(EdgeRecordings.class, recordings);
            closers.add(recordings::close);
        }
        if (facts.hasPtz()) {
            addPtz();
        }
    }

    /** A user who may only watch, or a head that does not answer, costs PTZ and nothing else. */
    private void addPtz() throws DriverException {
        try {
            capabilities.put(Ptz.class, AxisPtz.ask(http));
            capabilities.put(PtzPresets.class, new AxisPresets(http));
        } catch (DriverException refused) {
            http.requireThere(refused);
            LOG.info("the camera at {} is used without PTZ: {}", http.base().getHost(), refused.getMessage());
        }
    }

    static AxisSession open(AxisHttp http, AxisSettings settings, Optional<Credentials> credentials)
            throws DriverException {
        return new AxisSession(http, AxisFacts.ask(http), settings, credentials);
    }

    @Override
    public DeviceIdentity identity() throws DriverException {
        http.requireOpen();
        return facts.identity();
    }

    @Override
    public List<StreamOffer> streams() throws DriverException {
        http.requireOpen();
        return streams.offers(http.base().getHost(), facts.rtspPort(), credentials, settings.transport());
    }

    @Override
    public <C extends Capability> Optional<C> capability(Class<C> type) throws DriverException {
        http.requireOpen();
        return Optional.ofNullable(capabilities.get(type)).map(type::cast);
    }

    private byte[] jpeg(StreamRole role) throws DriverException {
        String resolution = role == StreamRole.SUB && streams.sub().isPresent()
                ? streams.sub().get().resolution()
                : streams.main().resolution();
        byte[] bytes = http.bytes(
                "/axis-cgi/jpg/image.cgi" + (resolution.isEmpty() ? "" : "?resolution=" + resolution),
                DeviceSnapshot.BYTES_MAX);
        if (bytes.length < 4 || (bytes[0] & 0xff) != 0xff || (bytes[1] & 0xff) != 0xd8) {
            throw new DriverException(Kind.PROTOCOL, "The camera's snapshot is no JPEG.");
        }
        return bytes;
    }

    /** VAPIX tells whole seconds. */
    private final class Clock implements DeviceClock {
        @Override
        public Instant now() throws DriverException {
            String told = JsonTree.text(http.call(TIME, "getDateTimeInfo", Map.of()), "dateTime");
            try {
                return Instant.parse(told);
            } catch (DateTimeParseException noTime) {
                throw new DriverException(
                        Kind.PROTOCOL, "The camera's time '" + AxisHttp.words(told) + "' is none.", noTime);
            }
        }

        @Override
        public void set(Instant time) throws DriverException {
            String text = time.truncatedTo(ChronoUnit.SECONDS).toString();
            http.call(TIME, "setDateTime", Map.of("dateTime", text));
        }
    }

    @Override
    public void close() {
        events.close();
        closers.forEach(Runnable::run);
        http.close();
    }
}
