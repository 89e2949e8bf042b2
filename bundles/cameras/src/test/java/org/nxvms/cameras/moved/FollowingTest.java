// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.moved;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.cameras.fake.House.draft;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.cameras.fake.FakeDriver;
import org.nxvms.cameras.fake.House;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceIdentity;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.FoundDevice;
import org.nxvms.driver.spi.SearchFindings;
import org.nxvms.media.GapCause;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStatus.State;
import org.nxvms.platform.api.ingest.IngestStatus;

/** A camera that gets another address from its network is recorded there; what only says that it is the camera is not. */
class FollowingTest {
    private static final String OLD = "192.0.2.10";
    private static final String NEW = "192.0.2.77";
    private static final String ENDPOINT = "urn:uuid:5eed0000-0000-11f0-8000-02534d000001";
    private static final DeviceIdentity STRANGER = new DeviceIdentity("Maker", "Model", "1.0", "43", "");

    private final FakeDriver driver = new FakeDriver("rtsp");
    private final House house = new House().withAll().install(driver, "1.0.0");
    private final ExecutorService asking = Executors.newSingleThreadExecutor();
    private final List<String> noted = new ArrayList<>();
    private final List<String> searched = new ArrayList<>();
    /** Hosts whose devices answer nobody. */
    private final Set<String> dark = ConcurrentHashMap.newKeySet();
    /** Where searches find a device with the camera's endpoint. */
    private final List<String> hosts = new ArrayList<>(List.of(NEW));

    private Following following;
    private Camera camera;
    private long nowMs;

    @BeforeEach
    void begin() {
        driver.endpoint = ENDPOINT;
        driver.behaviour = target -> {
            if (dark.contains(target.address().getHost())) {
                throw new DriverException(Kind.UNREACHABLE, "Nobody answers.");
            }
        };
        following = new Following(
                new Following.Fleet(house.book::all, id -> house.supervisor.status(id), house.known, house.book::move),
                this::search,
                new Proof(house.shelf, house.secrets, asking),
                new Following.Notes() {
                    @Override
                    public void moved(Camera before, Camera now) {
                        noted.add("moved " + before.address() + " " + now.address());
                    }

                    @Override
                    public void refused(Camera before, URI address, String why) {
                        noted.add("refused " + address);
                    }
                },
                () -> nowMs);
        camera = house.add(draft(uri(OLD)));
    }

    @AfterEach
    void end() {
        asking.shutdownNow();
    }

    private static String uri(String host) {
        return "rtsp://" + host + "/stream1";
    }

    private Optional<Following.Search> search(String id, int timeMs, SearchFindings findings) {
        searched.add(id);
        for (String host : hosts) {
            findings.found(new FoundDevice(URI.create(uri(host)), "", DeviceIdentity.UNKNOWN), ENDPOINT);
        }
        return Optional.of(new Following.Search() {
            @Override
            public boolean runs() {
                return false;
            }

            @Override
            public void close() {
                // It has found all there is.
            }
        });
    }

    private void goesAway() {
        dark.add(OLD);
        house.ingest.fail(
                house.main(camera), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "nobody answers");
        assertThat(house.status(camera).state()).isEqualTo(State.OFFLINE);
    }

    /** The first look sees that it is away, a later one looks for it. */
    private void look() throws InterruptedException {
        following.look();
        nowMs += Following.AWAY_MS;
        following.look();
        house.loop.run();
    }

    private Camera now() {
        return house.book.find(camera.id()).orElseThrow().camera();
    }

    private List<DeviceTarget> askedAt(String host) {
        return driver.opened.stream()
                .filter(target -> host.equals(target.address().getHost()))
                .toList();
    }

    @Test
    void aCameraThatComesBackElsewhereIsRecordedThereAndItsPasswordIsShownByDigestOnly() throws Exception {
        look();
        assertThat(searched).as("nobody is missing").isEmpty();

        goesAway();
        house.ingest.disturbances.clear();
        look();

        assertThat(noted).containsExactly("moved " + uri(OLD) + " " + uri(NEW));
        assertThat(now().address()).hasToString(uri(NEW));
        assertThat(now().version()).isEqualTo(camera.version() + 1);
        assertThat(now().name()).isEqualTo("Gate");
        assertThat(house.status(camera).state()).isEqualTo(State.RECORDING);
        assertThat(house.ingest.disturbances).contains("replace main " + uri(NEW));
        assertThat(house.ingest
                        .status(house.main(camera))
                        .orElseThrow()
                        .endpoint()
                        .credentials())
                .contains(new Credentials("admin", "geheim", true));
        assertThat(askedAt(NEW))
                .isNotEmpty()
                .allMatch(target -> target.credentials().orElseThrow().digestOnly());

        look();
        assertThat(searched).as("it is where it is to be").hasSize(1);
    }

    @Test
    void itIsFollowedAgainAndAgainAndSomebodyWhoEntersThePasswordLiftsTheBound() throws Exception {
        goesAway();
        look();
        dark.add(NEW);
        dark.remove("192.0.2.78");
        hosts.set(0, "192.0.2.78");
        house.ingest.fail(
                house.main(camera), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "nobody answers");
        look();
        assertThat(now().address()).hasToString(uri("192.0.2.78"));
        assertThat(house.secrets
                        .credentials(house.book.find(camera.id()).orElseThrow())
                        .orElseThrow()
                        .digestOnly())
                .isTrue();

        house.change(now(), draft(uri("192.0.2.78")));
        assertThat(house.secrets.credentials(house.book.find(camera.id()).orElseThrow()))
                .contains(new Credentials("admin", "geheim"));
    }

    @Test
    void aDeviceThatOnlySaysThatItIsTheCameraIsRefusedAndNotAskedAgainForAWhile() throws Exception {
        driver.identities.put(NEW, STRANGER);
        goesAway();
        look();
        assertThat(noted).containsExactly("refused " + uri(NEW));
        assertThat(now()).isEqualTo(camera);
        assertThat(askedAt(NEW))
                .hasSize(1)
                .allMatch(target -> target.credentials().orElseThrow().digestOnly());

        nowMs += 60_000;
        following.look();
        assertThat(searched).hasSize(2);
        assertThat(askedAt(NEW)).hasSize(1);

        // The camera itself is found beside it.
        hosts.add("192.0.2.78");
        nowMs += 60_000;
        following.look();
        house.loop.run();
        assertThat(now().address()).hasToString(uri("192.0.2.78"));
    }

    @Test
    void oneThatGreetsBeforeItIsReadyIsAskedInTheNextSearch() throws Exception {
        dark.add(NEW);
        goesAway();
        look();
        assertThat(noted).isEmpty();
        assertThat(now()).isEqualTo(camera);

        dark.remove(NEW);
        nowMs += 60_000;
        following.look();
        house.loop.run();
        assertThat(now().address()).hasToString(uri(NEW));
    }

    @Test
    void aCameraWithTwoAddressesStaysAtTheOneItWasGiven() throws Exception {
        goesAway();
        dark.remove(OLD); // its streams are away, and not the device
        look();
        assertThat(searched).hasSize(1);
        assertThat(noted).isEmpty();
        assertThat(now()).isEqualTo(camera);
    }

    @Test
    void aCameraWithOtherSecretsIsNotFollowed() throws Exception {
        camera = house.book.create(draft(uri("192.0.2.11")).withSettings(Map.of("token", "secret-7")), Set.of("token"));
        house.loop.run();
        assertThat(house.known.of(camera)).isPresent();
        dark.add("192.0.2.11");
        house.ingest.fail(
                house.main(camera), IngestStatus.State.WAITING, GapCause.CAMERA_UNREACHABLE, "nobody answers");
        assertThat(house.status(camera).state()).isEqualTo(State.OFFLINE);
        look();
        assertThat(searched).isEmpty();
    }

    @Test
    void whoIsElsewhereBecauseSomebodyTypedItIsNotTakenBack() throws Exception {
        dark.add(NEW);
        hosts.set(0, OLD);
        Camera typed = house.change(camera, draft(uri(NEW)));
        assertThat(house.status(camera).state()).isEqualTo(State.OFFLINE);
        look();
        assertThat(searched).as("nobody knows which device is meant").isEmpty();
        assertThat(now()).isEqualTo(typed);
    }
}
