// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.security.ApiKeyStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** API keys in {@code api_key}. */
@Component(service = ApiKeyStore.class)
public final class ApiKeyTable implements ApiKeyStore {
    private final Transactions transactions;
    private final Transactions reads;

    @Activate
    public ApiKeyTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    ApiKeyTable(Transactions transactions) {
        this.transactions = transactions;
        this.reads = transactions.reading();
    }

    @Override
    public List<StoredApiKey> keys() {
        return reads.answer("load the API keys", em -> em.createQuery(
                        "select k from ApiKeyRow k order by k.createdMs, k.id", ApiKeyRow.class)
                .getResultStream()
                .map(ApiKeyRow::stored)
                .toList());
    }

    @Override
    public void insert(StoredApiKey key) {
        transactions.run("store the API key", em -> em.persist(new ApiKeyRow(key)));
    }

    @Override
    public boolean delete(UUID id) {
        return transactions.answer(
                "remove the API key",
                em -> em.createQuery("delete from ApiKeyRow k where k.id = :id")
                                .setParameter("id", id.toString())
                                .executeUpdate()
                        == 1);
    }

    @Override
    public void noteUse(Map<UUID, Instant> used) {
        transactions.run(
                "note the use of API keys",
                em -> used.forEach(
                        (id, when) -> em.createQuery("update ApiKeyRow k set k.usedMs = :when where k.id = :id")
                                .setParameter("when", when.toEpochMilli())
                                .setParameter("id", id.toString())
                                .executeUpdate()));
    }
}
