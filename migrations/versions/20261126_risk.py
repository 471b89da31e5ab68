"""Risk warnings, their steps, and the ratios that they propose."""

import sqlalchemy as sa
from alembic import op

from app.models.append_only import protect, unprotect

revision = "20261126_risk"
down_revision = "20261126_before_entry"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('risk_warning',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('number', sa.String(length=40), nullable=False),
    sa.Column('dimension', sa.String(length=20), nullable=False),
    sa.Column('value', sa.String(length=60), nullable=False),
    sa.Column('label', sa.String(length=200), nullable=False),
    sa.Column('kind', sa.String(length=20), nullable=False),
    sa.Column('level', sa.String(length=20), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('month', sa.Date(), nullable=False),
    sa.Column('evidence', sa.JSON(), nullable=False),
    sa.Column('raised_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('answer_by', sa.Date(), nullable=True),
    sa.Column('owner_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], ),
    sa.PrimaryKeyConstraint('id'),
    sa.UniqueConstraint('number')
    )
    with op.batch_alter_table('risk_warning', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_warning_level'), ['level'], unique=False)
        batch_op.create_index('ix_risk_warning_matter', ['dimension', 'value', 'state'], unique=False)
        batch_op.create_index(batch_op.f('ix_risk_warning_state'), ['state'], unique=False)

    op.create_table('risk_warning_step',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('warning_id', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(length=20), nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('evidence', sa.JSON(), nullable=True),
    sa.Column('month', sa.Date(), nullable=True),
    sa.Column('actor_id', sa.Integer(), nullable=True),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['actor_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['warning_id'], ['risk_warning.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('risk_warning_step', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_risk_warning_step_warning_id'), ['warning_id'], unique=False)

    op.create_table('ratio_proposal',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('warning_id', sa.Integer(), nullable=False),
    sa.Column('item_id', sa.Integer(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('ppm', sa.Integer(), nullable=False),
    sa.Column('concerns_attention', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('state', sa.String(length=20), nullable=False),
    sa.Column('proposed_by_id', sa.Integer(), nullable=False),
    sa.Column('proposed_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('decision', sa.String(length=300), nullable=True),
    sa.Column('decided_by_id', sa.Integer(), nullable=True),
    sa.Column('decided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['decided_by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['item_id'], ['inspection_item.id'], ),
    sa.ForeignKeyConstraint(['proposed_by_id'], ['ab_user.id'], ),
    sa.ForeignKeyConstraint(['warning_id'], ['risk_warning.id'], ),
    sa.PrimaryKeyConstraint('id')
    )
    with op.batch_alter_table('ratio_proposal', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ratio_proposal_item_id'), ['item_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_ratio_proposal_warning_id'), ['warning_id'], unique=False)


    protect(op, "risk_warning_step")


def downgrade() -> None:
    unprotect(op, "risk_warning_step")
    with op.batch_alter_table('ratio_proposal', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ratio_proposal_warning_id'))
        batch_op.drop_index(batch_op.f('ix_ratio_proposal_item_id'))

    op.drop_table('ratio_proposal')
    with op.batch_alter_table('risk_warning_step', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_warning_step_warning_id'))

    op.drop_table('risk_warning_step')
    with op.batch_alter_table('risk_warning', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_risk_warning_state'))
        batch_op.drop_index('ix_risk_warning_matter')
        batch_op.drop_index(batch_op.f('ix_risk_warning_level'))

    op.drop_table('risk_warning')
