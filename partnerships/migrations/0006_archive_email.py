from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('partnerships', '0005_minutes_approved_words'),
    ]

    operations = [
        migrations.AddField(
            model_name='municipalitysettings',
            name='archive_email',
            field=models.EmailField(blank=True, help_text='Hit sender vi hver dag et avtrykk av det som er signert. Med det kan dere vise at ingen har endret noe etterpå, heller ikke vi.', max_length=254, verbose_name='arkivets e-post'),
        ),
    ]
