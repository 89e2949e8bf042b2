// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.persistence.EntityManager;
import javax.persistence.LockModeType;
import javax.persistence.TypedQuery;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.bookmark.Bookmark;
import org.nxvms.platform.api.bookmark.BookmarkQuery;
import org.nxvms.platform.api.bookmark.BookmarkStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Bookmarks in {@code bookmark}, their cameras in {@code bookmark_camera}, their tags in {@code bookmark_tag}. */
@Component(service = BookmarkStore.class)
public final class BookmarkTable implements BookmarkStore {
    private final Transactions transactions;
    private final int bookmarksMax;

    @Activate
    public BookmarkTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind), BOOKMARKS_MAX);
    }

    BookmarkTable(Transactions transactions, int bookmarksMax) {
        this.transactions = transactions;
        this.bookmarksMax = bookmarksMax;
    }

    @Override
    public boolean insert(Bookmark bookmark) {
        return transactions.answer("add the bookmark", em -> {
            long there = em.createQuery("select count(b) from BookmarkRow b", Long.class)
                    .getSingleResult();
            if (there >= bookmarksMax) {
                return false;
            }
            em.persist(new BookmarkRow(bookmark));
            // The rows below refer to it, which JPA does not know.
            em.flush();
            addParts(em, bookmark);
            return true;
        });
    }

    private static void addParts(EntityManager em, Bookmark bookmark) {
        String id = bookmark.id().toString();
        bookmark.cameraIds().forEach(camera -> em.persist(new BookmarkCameraRow(id, camera.toString())));
        bookmark.tags().forEach(tag -> em.persist(new BookmarkTagRow(id, tag)));
    }

    @Override
    public Optional<Bookmark> get(UUID id) {
        return transactions.answer("find a bookmark", em -> {
            BookmarkRow row = em.find(BookmarkRow.class, id.toString());
            return row == null
                    ? Optional.empty()
                    : whole(em, List.of(row)).stream().findFirst();
        });
    }

    @Override
    public boolean update(Bookmark bookmark) {
        return transactions.answer("change the bookmark", em -> {
            String id = bookmark.id().toString();
            BookmarkRow row = em.find(BookmarkRow.class, id, LockModeType.PESSIMISTIC_WRITE);
            if (row == null || row.version() != bookmark.version() - 1) {
                return false;
            }
            row.take(bookmark);
            for (String part : List.of("BookmarkCameraRow", "BookmarkTagRow")) {
                em.createQuery("delete from " + part + " p where p.bookmarkId = :id")
                        .setParameter("id", id)
                        .executeUpdate();
            }
            addParts(em, bookmark);
            return true;
        });
    }

    @Override
    public boolean delete(UUID id, long version) {
        return transactions.answer("remove the bookmark", em -> {
            BookmarkRow row = em.find(BookmarkRow.class, id.toString(), LockModeType.PESSIMISTIC_WRITE);
            if (row == null || row.version() != version) {
                return false;
            }
            em.remove(row);
            return true;
        });
    }

    @Override
    public List<Bookmark> find(BookmarkQuery query) {
        return transactions.answer("find bookmarks", em -> whole(em, rows(em, query)));
    }

    private static List<BookmarkRow> rows(EntityManager em, BookmarkQuery query) {
        List<String> all = new ArrayList<>();
        Map<String, Object> values = new TreeMap<>();
        query.after().ifPresent(after -> {
            all.add("(b.startUs < :after or (b.startUs = :after and b.id < :afterId))");
            values.put("after", after.fromUs());
            values.put("afterId", after.id().toString());
        });
        query.toUs().ifPresent(to -> {
            all.add("b.startUs < :to");
            values.put("to", to);
        });
        query.fromUs().ifPresent(from -> {
            // None is longer, so that a stretch of the index holds them all.
            all.add("b.startUs >= :earliest");
            all.add("(b.endUs > :from or b.startUs >= :from)");
            values.put("earliest", Math.max(from, Long.MIN_VALUE + Bookmark.LENGTH_US_MAX) - Bookmark.LENGTH_US_MAX);
            values.put("from", from);
        });
        if (!query.cameras().isEmpty()) {
            all.add("b.id in (select c.bookmarkId from BookmarkCameraRow c where c.cameraId in :cameras)");
            values.put("cameras", query.cameras().stream().map(UUID::toString).toList());
        }
        if (!query.hidden().isEmpty()) {
            all.add("b.id in (select s.bookmarkId from BookmarkCameraRow s where s.cameraId not in :hidden)");
            values.put("hidden", query.hidden().stream().map(UUID::toString).toList());
        }
        words(query.words(), all, values);
        int number = 0;
        for (String tag : query.tags()) {
            String name = "tag" + number++;
            all.add("b.id in (select " + name + "s.bookmarkId from BookmarkTagRow " + name + "s where " + name
                    + "s.tag = :" + name + ")");
            values.put(name, tag);
        }
        String where = all.isEmpty() ? "" : " where " + String.join(" and ", all);
        TypedQuery<BookmarkRow> rows = em.createQuery(
                "select b from BookmarkRow b" + where + " order by b.startUs desc, b.id desc", BookmarkRow.class);
        values.forEach(rows::setParameter);
        return rows.setMaxResults(query.limit()).getResultList();
    }

    private static void words(List<String> words, List<String> all, Map<String, Object> values) {
        for (int i = 0; i < words.size(); i++) {
            String name = "word" + i;
            all.add("(b.searched like :" + name + " escape '!' or b.id in (select " + name + "t.bookmarkId from"
                    + " BookmarkTagRow " + name + "t where " + name + "t.tag like :" + name + " escape '!'))");
            String literal = BookmarkRow.searched(words.get(i))
                    .replace("!", "!!")
                    .replace("%", "!%")
                    .replace("_", "!_");
            values.put(name, "%" + literal + "%");
        }
    }

    /** With their cameras and tags, in two questions however many they are. */
    private static List<Bookmark> whole(EntityManager em, List<BookmarkRow> rows) {
        Map<String, Set<String>> cameras = new HashMap<>();
        Map<String, Set<String>> tags = new HashMap<>();
        for (List<String> ids : IdPages.of(rows.stream().map(BookmarkRow::id).toList())) {
            em.createQuery("select c from BookmarkCameraRow c where c.bookmarkId in :ids", BookmarkCameraRow.class)
                    .setParameter("ids", ids)
                    .getResultList()
                    .forEach(row -> cameras.computeIfAbsent(row.bookmarkId(), none -> new TreeSet<>())
                            .add(row.cameraId()));
            em.createQuery("select t from BookmarkTagRow t where t.bookmarkId in :ids", BookmarkTagRow.class)
                    .setParameter("ids", ids)
                    .getResultList()
                    .forEach(row -> tags.computeIfAbsent(row.bookmarkId(), none -> new TreeSet<>())
                            .add(row.tag()));
        }
        return rows.stream()
                .filter(row -> cameras.containsKey(row.id()))
                .map(row -> row.bookmark(cameras.get(row.id()), tags.getOrDefault(row.id(), Set.of())))
                .toList();
    }
}
