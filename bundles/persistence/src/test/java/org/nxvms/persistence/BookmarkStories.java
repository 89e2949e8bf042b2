// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;

/** Bookmarks as they are kept and found; run once per database. */
abstract class BookmarkStories extends StoreScene {
    private static final UUID GATE = new UUID(1, 1);
    private static final UUID YARD = new UUID(1, 2);
    private static final UUID HALL = new UUID(1, 3);
    private static final UUID VERA = new UUID(9, 9);
    private static final long T0 = 1_790_000_000_000_000L;
    private static final long DAY = 86_400_000_000L;

    private BookmarkTable bookmarks;

    @BeforeAll
    void open() {
        bookmarks = new BookmarkTable(unit, 1_000);
    }

    @BeforeEach
    void noBookmarks() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("delete from bookmark");
        }
    }

    private static Bookmark of(long fromUs, long toUs, List<UUID> cameras, String title, String text, String... tags) {
        return new Bookmark(
                UUID.randomUUID(),
                1,
                cameras,
                fromUs,
                toUs,
                title,
                text,
                new TreeSet<>(Set.of(tags)),
                VERA,
                "vera",
                T0,
                T0);
    }

    private static BookmarkQuery all(int limit) {
        return new BookmarkQuery(
                Set.of(), OptionalLong.empty(), OptionalLong.empty(), List.of(), Set.of(), Optional.empty(), limit);
    }

    private List<String> titles(BookmarkQuery query) {
        return bookmarks.find(query).stream().map(Bookmark::title).toList();
    }

    private List<String> withWords(String... words) {
        BookmarkQuery all = all(10);
        return titles(new BookmarkQuery(
                all.cameras(), all.fromUs(), all.toUs(), List.of(words), all.tags(), all.after(), all.limit()));
    }

    @Test
    void aBookmarkComesBackAsItWasSetAndAsItWasChanged() {
        Bookmark set = of(T0, T0 + 5, List.of(YARD, GATE), "Theft", "Two men,\na van", "police", "van");
        assertThat(bookmarks.insert(set)).isTrue();
        assertThat(bookmarks.get(set.id())).contains(set);

        Bookmark changed = new Bookmark(
                set.id(),
                2,
                List.of(HALL),
                T0 + 7,
                T0 + 7,
                "Nothing",
                "",
                new TreeSet<>(Set.of("van")),
                VERA,
                "vera",
                T0,
                T0 + DAY);
        assertThat(bookmarks.update(changed)).isTrue();
        assertThat(bookmarks.get(set.id())).contains(changed);
        assertThat(bookmarks.find(all(10))).containsExactly(changed);
        assertThat(bookmarks.update(changed)).as("somebody else was faster").isFalse();

        assertThat(bookmarks.delete(set.id(), 1)).as("another version").isFalse();
        assertThat(bookmarks.get(set.id())).contains(changed);
        assertThat(bookmarks.delete(set.id(), 2)).isTrue();
        assertThat(bookmarks.delete(set.id(), 2)).isFalse();
        assertThat(bookmarks.update(changed)).isFalse();
        assertThat(bookmarks.get(set.id())).isEmpty();
    }

    @Test
    void wordsAreFoundInTitleTextAndTagsWhateverTheCaseAndStandForThemselves() {
        bookmarks.insert(of(T0, T0, List.of(GATE), "Überfall am Tor", "100% sicher", "polizei"));
        bookmarks.insert(of(T0 - 1, T0 - 1, List.of(GATE), "Delivery", "a_b \\ c!", "late"));

        assertThat(withWords("ÜBER")).containsExactly("Überfall am Tor");
        assertThat(withWords("tor", "sicher", "POLIZ")).containsExactly("Überfall am Tor");
        assertThat(withWords("tor", "late")).isEmpty();
        assertThat(withWords("0%")).containsExactly("Überfall am Tor");
        assertThat(withWords("%")).containsExactly("Überfall am Tor");
        assertThat(withWords("_")).containsExactly("Delivery");
        assertThat(withWords("\\")).containsExactly("Delivery");
        assertThat(withWords("!")).containsExactly("Delivery");
    }

    @Test
    void pagesOfEveryQueryAreThoseOfTheModel() {
        long seed = Long.getLong("nxvms.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<UUID> cameras = List.of(GATE, YARD, HALL);
        List<String> tags = List.of("a", "b", "c");
        List<Bookmark> model = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            long from = T0 + random.nextInt(40) * DAY;
            long length = random.nextInt(3) == 0 ? 0 : random.nextInt(32) * DAY;
            List<UUID> some = cameras.stream().filter(c -> random.nextBoolean()).toList();
            String[] words = tags.stream().filter(t -> random.nextBoolean()).toArray(String[]::new);
            Bookmark one = of(from, from + length, some.isEmpty() ? List.of(GATE) : some, "number" + i % 4, "", words);
            model.add(one);
            assertThat(bookmarks.insert(one)).isTrue();
        }
        model.sort(Comparator.comparingLong(Bookmark::fromUs)
                .thenComparing(bookmark -> bookmark.id().toString())
                .reversed());
        for (int i = 0; i < 60; i++) {
            Set<UUID> asked = random.nextBoolean() ? Set.of() : Set.of(cameras.get(random.nextInt(3)));
            OptionalLong from =
                    random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(T0 + random.nextInt(70) * DAY);
            OptionalLong to =
                    random.nextBoolean() ? OptionalLong.empty() : OptionalLong.of(T0 + random.nextInt(70) * DAY);
            List<String> words = random.nextBoolean() ? List.of() : List.of("number" + random.nextInt(4));
            Set<String> tagged = random.nextBoolean() ? Set.of() : Set.of(tags.get(random.nextInt(3)));
            List<Bookmark> wanted = model.stream()
                    .filter(b -> asked.isEmpty() || b.cameraIds().stream().anyMatch(asked::contains))
                    .filter(b -> b.overlaps(from.orElse(Long.MIN_VALUE), to.orElse(Long.MAX_VALUE)))
                    .filter(b -> words.isEmpty() || b.title().equals(words.get(0)))
                    .filter(b -> b.tags().containsAll(tagged))
                    .toList();
            List<Bookmark> walked = new ArrayList<>();
            Optional<BookmarkQuery.Position> after = Optional.empty();
            List<Bookmark> page;
            do {
                page = bookmarks.find(new BookmarkQuery(asked, from, to, words, tagged, after, 7));
                walked.addAll(page);
                after = page.isEmpty()
                        ? Optional.empty()
                        : Optional.of(BookmarkQuery.Position.of(page.get(page.size() - 1)));
            } while (page.size() == 7);
            assertThat(walked)
                    .as("%s %s %s %s %s", asked, from, to, words, tagged)
                    .isEqualTo(wanted);
        }
    }

    @Test
    void thoseThatAreOfHiddenCamerasOnlyAreLeftOut() {
        bookmarks.insert(of(T0, T0, List.of(GATE), "gate", ""));
        bookmarks.insert(of(T0 - 1, T0 - 1, List.of(YARD, GATE), "both", ""));
        bookmarks.insert(of(T0 - 2, T0 - 2, List.of(YARD), "yard", ""));
        bookmarks.insert(of(T0 - 3, T0 - 3, List.of(YARD, HALL), "inside", ""));
        BookmarkQuery all = all(10);
        assertThat(titles(new BookmarkQuery(
                        all.cameras(),
                        Set.of(YARD, HALL),
                        all.fromUs(),
                        all.toUs(),
                        all.words(),
                        all.tags(),
                        all.after(),
                        all.limit())))
                .containsExactly("gate", "both");
    }

    @Test
    void thereAreOnlySoMany() {
        BookmarkTable small = new BookmarkTable(unit, 2);
        assertThat(small.insert(of(T0, T0, List.of(GATE), "1", ""))).isTrue();
        assertThat(small.insert(of(T0, T0, List.of(GATE), "2", ""))).isTrue();
        assertThat(small.insert(of(T0, T0, List.of(GATE), "3", ""))).isFalse();
        assertThat(small.find(all(10))).extracting(Bookmark::title).containsExactlyInAnyOrder("1", "2");
    }
}
