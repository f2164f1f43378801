"""The municipality's own words in templates: {{ 2|level_word:partnership.municipality }}."""

from django import template

from partnerships.selectors.words import level_word, role_word

register = template.Library()
register.filter("level_word", level_word)
register.filter("role_word", role_word)
