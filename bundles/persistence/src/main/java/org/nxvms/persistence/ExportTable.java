// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.util.List;
import java.util.UUID;
import org.apache.aries.jpa.template.JpaTemplate;
import org.nxvms.platform.api.export.ExportJob;
import org.nxvms.platform.api.export.ExportStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Exports in {@code export_job}. */
@Component(service = ExportStore.class)
public final class ExportTable implements ExportStore {
    private final Transactions transactions;

    @Activate
    public ExportTable(@Reference(target = "(osgi.unit.name=nxvms)") JpaTemplate jpa, @Reference WriteBehind behind) {
        this(Transactions.of(jpa).writtenBy(behind));
    }

    ExportTable(Transactions transactions) {
        this.transactions = transactions;
    }

    @Override
    public List<ExportJob> jobs(UUID serverId) {
        return transactions.answer("load the exports", em -> em.createQuery(
                        "select j from ExportRow j where j.serverId = :server order by j.createdMs, j.id",
                        ExportRow.class)
                .setParameter("server", serverId.toString())
                .getResultStream()
                .map(ExportRow::stored)
                .toList());
    }

    @Override
    public void insert(ExportJob job) {
        transactions.run("store the export", em -> em.persist(new ExportRow(job)));
    }

    @Override
    public boolean update(ExportJob job) {
        return transactions.answer("store how far the export is", em -> {
            ExportRow row = em.find(ExportRow.class, job.id().toString());
            if (row == null) {
                return false;
            }
            row.update(job);
            return true;
        });
    }

    @Override
    public boolean delete(UUID id) {
        return transactions.answer(
                "remove the export",
                em -> em.createQuery("delete from ExportRow j where j.id = :id")
                                .setParameter("id", id.toString())
                                .executeUpdate()
                        == 1);
    }
}
