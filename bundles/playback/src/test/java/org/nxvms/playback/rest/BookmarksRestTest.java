// SPDX-License-Identifier: Apache-2.0
package org.nxvms.playback.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.nxvms.playback.rest.RestServer.assertProblem;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.security.Permission;
import org.nxvms.playback.FakeArchive;
import org.nxvms.playback.FakeRegistry;

/** Bookmarks over HTTP: who sets, sees and changes them. */
class BookmarksRestTest {
    private static final String BASE = BookmarksResource.BASE;
    private static final UUID GATE = new UUID(1, 1);
    private static final UUID YARD = new UUID(1, 2);
    private static final UUID NO_CAMERA = new UUID(0, 0);

    private final MemoryBookmarks bookmarks = new MemoryBookmarks();
    private final List<EventFact> said = new CopyOnWriteArrayList<>();
    private final EventPublisher publisher = (EventPublisher) Proxy.newProxyInstance(
            EventPublisher.class.getClassLoader(),
            new Class<?>[] {EventPublisher.class},
            (self, method, args) -> said.add((EventFact) args[0]));
    private final FakeRegistry registry = new FakeRegistry(GATE, YARD);
    private final FakeArchive archive = new FakeArchive();
    private RestServer server;

    @BeforeEach
    void start() {
        server = new RestServer()
                .mount(
                        BASE,
                        new BookmarksResource(
                                () -> bookmarks,
                                new BookmarkSearch(() -> bookmarks, registry::service),
                                registry.named(archive),
                                () -> publisher,
                                () -> 1_800_000_000_000L))
                .start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }

    private HttpResponse<String> post(String body) throws Exception {
        return server.send("POST", BASE, body);
    }

    private String set(String title, String more, UUID... cameras) throws Exception {
        List<String> ids = new ArrayList<>();
        for (UUID camera : cameras) {
            ids.add("\"" + camera + "\"");
        }
        HttpResponse<String> made =
                post("{\"cameraIds\":" + ids + ",\"title\":\"" + title + "\"," + more + ",\"from\":\"1000\"}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        return json(made).get("id").textValue();
    }

    private List<String> titles(String query) throws Exception {
        List<String> titles = new ArrayList<>();
        server.json(BASE + "?" + query)
                .get("items")
                .forEach(item -> titles.add(item.get("title").textValue()));
        return titles;
    }

    @Test
    void aBookmarkIsSetReadChangedAndRemoved() throws Exception {
        HttpResponse<String> made = post("{\"cameraIds\":[\"" + YARD + "\",\"" + GATE
                + "\"],\"from\":\"2026-11-22T14:00:00Z\",\"to\":\"2026-11-22T14:01:00Z\",\"title\":\" Theft \","
                + "\"text\":\"Two men\",\"tags\":[\"Police\",\" van\"]}");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
        JsonNode set = json(made);
        String one = BASE + "/" + set.get("id").textValue();
        assertThat(URI.create(made.headers().firstValue("Location").orElseThrow())
                        .getPath())
                .isEqualTo(one);
        assertThat(set.get("title").textValue()).isEqualTo("Theft");
        assertThat(set.get("tags").toString()).isEqualTo("[\"police\",\"van\"]");
        assertThat(set.get("cameraIds").toString()).isEqualTo("[\"" + GATE + "\",\"" + YARD + "\"]");
        assertThat(set.get("author").textValue()).isEqualTo("vera");
        assertThat(set.get("editable").asBoolean()).isTrue();
        assertThat(made.headers().firstValue("ETag")).contains("\"1\"");
        assertThat(server.json(one)).isEqualTo(set);

        HttpResponse<String> changed =
                server.send("PATCH", one, "{\"to\":\"2026-11-22T14:00:00Z\",\"tags\":[]}", "If-Match", "\"1\"");
        assertThat(changed.statusCode()).as(changed.body()).isEqualTo(200);
        assertThat(changed.headers().firstValue("ETag")).contains("\"2\"");
        assertThat(json(changed).has("to")).as("a moment now").isFalse();
        assertThat(json(changed).get("text").textValue()).isEqualTo("Two men");
        assertProblem(server.send("PATCH", one, "{\"title\":\"x\"}", "If-Match", "\"1\""), 412, "meantime");
        assertProblem(server.send("DELETE", one, "", "If-Match", "\"1\""), 412, "meantime");
        HttpResponse<String> moved = server.send("PATCH", one, "{\"from\":\"2026-11-22T15:00:00Z\"}");
        assertThat(json(moved).has("to")).as("still a moment").isFalse();

        assertThat(server.send("DELETE", one, "", "If-Match", "\"3\"").statusCode())
                .isEqualTo(204);
        assertProblem(server.get(one), 404, "There is no bookmark");

        assertThat(server.notes)
                .extracting(note -> note.action() + " " + note.done())
                .containsExactly(
                        "bookmark.added true",
                        "bookmark.changed true",
                        "bookmark.changed false",
                        "bookmark.removed false",
                        "bookmark.changed true",
                        "bookmark.removed true");
        assertThat(server.notes.get(1).before()).containsEntry("tags", "police,van");
        assertThat(server.notes.get(1).after()).containsEntry("tags", "");
        assertThat(said)
                .as("once for each camera, without its words")
                .extracting(fact -> fact.kind() + " " + fact.source().id())
                .containsExactly(
                        EventKinds.BOOKMARK_ADDED + " " + GATE,
                        EventKinds.BOOKMARK_ADDED + " " + YARD,
                        EventKinds.BOOKMARK_CHANGED + " " + GATE,
                        EventKinds.BOOKMARK_CHANGED + " " + YARD,
                        EventKinds.BOOKMARK_CHANGED + " " + GATE,
                        EventKinds.BOOKMARK_CHANGED + " " + YARD,
                        EventKinds.BOOKMARK_REMOVED + " " + GATE,
                        EventKinds.BOOKMARK_REMOVED + " " + YARD);
        assertThat(said).allSatisfy(fact -> assertThat(fact.toString()).doesNotContain("Theft", "Two men"));
    }

    @Test
    void oneSeesBookmarksOfCamerasWhoseFootageOneMaySeeAndNothingOfTheOthers() throws Exception {
        String both = set("both", "\"text\":\"\"", GATE, YARD);
        String yard = set("yard", "\"tags\":[\"secret\"]", YARD);
        server.guard.missingAt.put(YARD, Set.of(Permission.VIEW_ARCHIVE, Permission.BOOKMARK));
        server.guard.hidden.add(NO_CAMERA);

        assertThat(titles("")).containsExactly("both");
        JsonNode seen = server.json(BASE + "/" + both);
        assertThat(seen.get("cameraIds").toString()).isEqualTo("[\"" + GATE + "\"]");
        assertThat(seen.get("editable").asBoolean()).isFalse();
        assertThat(titles("cameras=" + YARD)).isEmpty();
        assertThat(titles("tags=secret")).isEmpty();
        assertThat(titles("text=yard")).isEmpty();
        String never = BASE + "/" + new UUID(3, 3);
        String hidden = BASE + "/" + yard;
        for (String method : List.of("GET", "PATCH", "DELETE")) {
            HttpResponse<String> ofHidden = server.send(method, hidden, method.equals("PATCH") ? "{}" : "");
            HttpResponse<String> ofNone = server.send(method, never, method.equals("PATCH") ? "{}" : "");
            assertThat(ofHidden.statusCode()).as(method).isEqualTo(404);
            assertThat(ofHidden.body().replace(yard, "ID"))
                    .isEqualTo(ofNone.body().replace(new UUID(3, 3).toString(), "ID"));
        }
        assertProblem(server.send("DELETE", BASE + "/" + both, ""), 403, "may not set bookmarks");
        assertProblem(server.send("PATCH", BASE + "/" + both, "{\"title\":\"x\"}"), 403, "may not set bookmarks");
        assertThat(bookmarks.there).hasSize(2);
    }

    /** Who may see all but one camera. */
    @Test
    void noCursorTellsOfBookmarksOfACameraThatIsDenied() throws Exception {
        for (int i = 0; i < 20; i++) {
            bookmarks.insert(MemoryBookmarks.bookmark(i * 1_000_000L, 0, List.of(YARD), "secret"));
        }
        bookmarks.insert(MemoryBookmarks.bookmark(5, 0, List.of(GATE, YARD), "both"));
        server.guard.missingAt.put(YARD, Set.of(Permission.VIEW_ARCHIVE));
        JsonNode found = server.json(BASE + "?limit=1");
        assertThat(found.get("items")).hasSize(1);
        assertThat(found.get("items").get(0).get("title").textValue()).isEqualTo("both");
        JsonNode none = server.json(BASE + "?limit=1&text=secret");
        assertThat(none.get("items")).isEmpty();
        assertThat(none.has("nextCursor")).isFalse();
    }

    @Test
    void oneSetsBookmarksWhereOneMayAndWhereThereAreCameras() throws Exception {
        String at = "{\"title\":\"t\",\"from\":\"1\",\"cameraIds\":[\"" + GATE + "\",\"%s\"]}";
        server.guard.missingAt.put(YARD, Set.of(Permission.BOOKMARK));
        assertProblem(post(at.formatted(YARD)), 403, "BOOKMARK");
        String mine = set("mine", "\"text\":\"\"", GATE);
        assertProblem(server.send("PATCH", BASE + "/" + mine, "{\"cameraIds\":[\"" + YARD + "\"]}"), 403, "BOOKMARK");
        server.guard.missingAt.put(YARD, Set.of(Permission.VIEW_ARCHIVE));
        assertProblem(post(at.formatted(YARD)), 403, "VIEW_ARCHIVE");
        assertProblem(post(at.formatted(new UUID(6, 6))), 404, "There is no camera");
        assertThat(bookmarks.there).hasSize(1);
        archive.add(1, 2);
        assertThat(post(at.formatted(FakeArchive.CAMERA)).statusCode())
                .as("removed, but its footage is there")
                .isEqualTo(201);
        bookmarks.full = true;
        assertProblem(post(at.formatted(GATE)), 409, "100000 bookmarks");
    }

    @Test
    void searchFindsByTimeWordsTagsAndCamerasPageByPage() throws Exception {
        for (int i = 0; i < 5; i++) {
            bookmarks.insert(MemoryBookmarks.bookmark(i * 1_000_000L, 500_000, List.of(i < 3 ? GATE : YARD), "n" + i));
        }
        assertThat(titles("")).containsExactly("n4", "n3", "n2", "n1", "n0");
        assertThat(titles("from=1400&to=3000")).containsExactly("n2", "n1");
        assertThat(titles("cameras=" + YARD)).containsExactly("n4", "n3");
        assertThat(titles("text=N3")).containsExactly("n3");

        List<String> walked = new ArrayList<>();
        String cursor = "";
        for (int page = 0; page < 3; page++) {
            JsonNode answer = server.json(BASE + "?limit=2" + cursor);
            answer.get("items").forEach(item -> walked.add(item.get("title").textValue()));
            assertThat(answer.has("nextCursor")).as("page " + page).isEqualTo(page < 2);
            cursor = "&cursor=" + answer.path("nextCursor").asText();
        }
        assertThat(walked).containsExactly("n4", "n3", "n2", "n1", "n0");
        assertProblem(server.get(BASE + "?cursor=Zm9v"), 400, "cursor");
        assertProblem(server.get(BASE + "?cameras=x"), 400, "cameras");
        assertProblem(server.get(BASE + "?text=a+b+c+d+e+f+g+h+i"), 400, "text");
        assertProblem(server.get(BASE + "?limit=0"), 400, "limit");
        assertProblem(server.get(BASE + "?tags=a%00b"), 400, "tags");
        assertProblem(server.get(BASE + "?tags=a,"), 400, "tags");
    }

    @Test
    void whatCannotBeABookmarkNamesEachField() throws Exception {
        HttpResponse<String> bad = post("{\"cameraIds\":[],\"from\":\"9\",\"to\":\"8\",\"title\":\" \",\"text\":\""
                + "x".repeat(4001) + "\",\"tags\":[\"a,b\"]}");
        assertThat(bad.statusCode()).isEqualTo(422);
        for (String field : List.of("cameraIds", "to", "title", "text", "tags")) {
            assertThat(bad.body()).contains("\"field\":\"" + field + "\"");
        }
        assertThat(bad.body()).contains("is before").doesNotContain("31 days");
        assertProblem(post("{\"cameraIds\":[\"" + GATE + "\"],\"from\":\"soon\",\"title\":\"t\"}"), 400, "from");
        assertProblem(post("{\"cameraIds\":[\"" + GATE + "\"],\"title\":\"t\"}"), 400, "from");
        assertProblem(
                post("{\"cameraIds\":[\"" + GATE + "\"],\"from\":\"0\",\"to\":\"2678400001\",\"title\":\"t\"}"),
                422,
                "is more than 31 days later");
        assertProblem(post("{\"cameraId\":\"" + GATE + "\",\"title\":\"t\"}"), 400, "\"cameraId\" is not a field here");
        assertProblem(post("{\"cameraIds\":[\"" + GATE + "\"],\"from\":\"0\",\"title\":\"a\\u0000b\"}"), 422, "title");
        assertProblem(post("{\"cameraIds\":[\"" + GATE + "\"],\"from\":\"0\",\"title\":\"a\\ud800b\"}"), 422, "title");
        assertProblem(post("{\"cameraIds\":[null],\"from\":\"0\",\"title\":\"t\"}"), 422, "cameraIds");
        assertProblem(
                post("{\"cameraIds\":[\"" + GATE + "\"],\"from\":\"0\",\"title\":\"t\",\"tags\":[null]}"), 422, "tags");
        assertThat(bookmarks.there).isEmpty();
    }
}
