"""manage.py up"""
