"""Notices: one row for each message to one receiver by one channel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies: list[tuple[str, str]] = []

    operations = [
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('case_id', models.UUIDField()),
                ('event_seq', models.IntegerField()),
                ('to_kind', models.CharField(max_length=10)),
                ('post', models.CharField(max_length=80, null=True)),
                ('channel', models.CharField(max_length=10)),
                ('template', models.CharField(max_length=40)),
                ('reference', models.CharField(max_length=24)),
                ('status', models.CharField(choices=[('waiting', 'Chờ gửi'), ('sending', 'Đang gửi'), ('sent', 'Đã gửi'), ('failed', 'Không gửi được'), ('no_address', 'Không có nơi nhận')], max_length=12)),
                ('attempts', models.SmallIntegerField(default=0)),
                ('last_error', models.CharField(blank=True, default='', max_length=80)),
                ('resends', models.SmallIntegerField(default=0)),
                ('next_at', models.DateTimeField(null=True)),
                ('created_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'td_notice',
                'indexes': [models.Index(condition=models.Q(('next_at__isnull', False)), fields=['next_at', 'id'], name='td_notice_due'), models.Index(condition=models.Q(('read_at', None), ('to_kind', 'post')), fields=['post', '-id'], name='td_notice_unread'), models.Index(condition=models.Q(('status__in', ['failed', 'no_address'])), fields=['-id'], name='td_notice_failed')],
                'constraints': [models.UniqueConstraint(fields=('case_id', 'event_seq', 'to_kind', 'post', 'channel', 'template'), name='td_notice_once', nulls_distinct=False), models.CheckConstraint(condition=models.Q(models.Q(('post', None), ('to_kind', 'person')), models.Q(('post__isnull', False), ('to_kind', 'post')), _connector='OR'), name='td_notice_receiver'), models.CheckConstraint(condition=models.Q(('status__in', ['waiting', 'sending', 'sent', 'failed', 'no_address'])), name='td_notice_status')],
            },
        ),
    ]
